import type { Origin } from '../../lambda/audit/audit-record.ts';
import type { EventFacts, Signal, Subject } from '../../lambda/findings/finding.ts';
import type { Reading } from '../../lambda/findings/read-request.ts';
import { signalsOf } from '../../lambda/findings/signals/all-signals.ts';
import { csrEvent, findingOf } from './event.ts';

const quiet = await findingOf(csrEvent());
/** Of a creation by jane that has no signals. */
export const { actor, request } = quiet;
export const login = { ...request, signerName: 'kubernetes.io/kube-apiserver-client-kubelet' };
export const legacy = { ...request, signerName: 'kubernetes.io/legacy-unknown' };
export const serving = { ...request, signerName: 'beta.eks.amazonaws.com/app-serving' };
export const client = { ...request, signerName: 'kubernetes.io/kube-apiserver-client' };
export const subject = (commonName: string | null, ...organizations: string[]): Subject => ({
  commonName,
  organizations,
  dnsNames: [],
  ipAddresses: [],
  emailAddresses: [],
  uris: [],
});
export const node = subject('system:node:a', 'system:nodes');
export const issued = (seconds: number, owner?: Subject) => ({
  serialNumber: '01',
  notBefore: '2026-01-01T00:00:00Z',
  notAfter: new Date(Date.UTC(2026, 0, 1) + seconds * 1_000).toISOString(),
  sha256: 'ab'.repeat(32),
  ...(owner === undefined ? {} : { subject: owner }),
});
export const eks: Origin = { kind: 'log-stream', logGroup: '/aws/eks/prod/cluster', logStream: 's' };

/** The signals of an event without any, after these changes. */
export const signals = (changes: Partial<EventFacts>, reading: Reading = { request: {} }): Signal[] =>
  signalsOf({ ...quiet, ...changes }, reading);

/** What one of them states; `undefined` if it is absent. */
export const sentence = (id: string, changes: Partial<EventFacts>, reading?: Reading) =>
  signals(changes, reading).find((signal) => signal.id === id)?.sentence;
