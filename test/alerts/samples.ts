import type { Rendering } from '../../lambda/alerts/channel.ts';
import type { Message } from '../../lambda/alerts/message.ts';
import { render } from '../../lambda/alerts/render.ts';
import type { AuditRecord, Origin } from '../../lambda/audit/audit-record.ts';
import { buildFinding } from '../../lambda/findings/build-finding.ts';
import type {
  Finding,
  IssuedCertificate,
  Outcome,
  Phase,
  RuleInfo,
  Signal,
} from '../../lambda/findings/finding.ts';
import { truthTable } from '../truth-table.ts';

export const context = {
  account: '111122223333',
  region: 'eu-central-1',
  nowMs: Date.parse('2026-11-23T22:00:00Z'),
};

const rule: RuleInfo = { id: 'a-rule', name: 'A rule', severity: 'high', riskScore: 73 };

export const logStream = {
  kind: 'log-stream',
  account: '111122223333',
  region: 'eu-central-1',
  logGroup: '/aws/eks/prod/cluster',
  logStream: 'kube-apiserver-audit-0123',
} as const;

export const object = {
  kind: 'object',
  account: '111122223333',
  region: 'eu-central-1',
  bucket: 'audit-logs',
  key: 'onprem/2026/audit.log.gz',
} as const;

export const certificate: IssuedCertificate = {
  serialNumber: '5f3a',
  notBefore: '2026-11-23T21:50:00Z',
  notAfter: '2027-11-23T21:50:00Z',
  sha256: 'ab'.repeat(32),
};

export const subject: NonNullable<Finding['request']['subject']> = {
  commonName: 'bob',
  organizations: ['oidc:security'],
  dnsNames: [],
  ipAddresses: [],
  emailAddresses: [],
  uris: [],
};

export const selfApproval: Signal = {
  id: 'self-approval',
  sentence: 'The requester approved its own request.',
  evidence: 'kubernetes-admin',
  raisesTo: 'critical',
};

/** A creation of the CSR `dev-user` by `kubernetes-admin`, with changes to the event. */
export function findingOf(event: object = {}, origin: Origin = object): Promise<Finding> {
  const record: AuditRecord = {
    event: { ...JSON.parse(truthTable[0]?.text ?? ''), ...event },
    format: 'json',
    cluster: 'prod',
    place: { origin, line: 12 },
  };
  return buildFinding(record, rule);
}

/** The same with changes to the finding and its request. */
export async function finding(
  changes: Partial<Finding> = {},
  request: Finding['request'] = {},
): Promise<Finding> {
  const plain = await findingOf();
  const base = {
    name: 'bob-laptop',
    signerName: 'kubernetes.io/kube-apiserver-client',
    usages: ['client auth'],
    requester: 'kubernetes-admin',
    subject,
  };
  return { ...plain, request: { ...base, ...request }, ...changes };
}

export const phases: readonly Phase[] = [
  'requested',
  'approved',
  'denied',
  'decided',
  'issued',
  'modified',
  'deleted',
];
export const outcomes: readonly Outcome[] = ['succeeded', 'refused', 'dry-run', 'unknown'];

export function messages(rendering: Rendering, findings: readonly Finding[]): Message[] {
  return render(rendering, findings, context).map(({ message }) => message);
}

export function message(rendering: Rendering, ...findings: readonly Finding[]): Message {
  const [first] = messages(rendering, findings);
  if (!first) throw new Error('no alert');
  return first;
}

export function email(...findings: readonly Finding[]): string {
  return JSON.parse(message('text', ...findings).body).email;
}

export function sms(...findings: readonly Finding[]): string {
  return JSON.parse(message('text', ...findings).body).sms;
}
