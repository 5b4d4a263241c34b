import type { AuditRecord } from '../../lambda/audit/audit-record.ts';
import { eventDigest } from '../../lambda/findings/finding-id.ts';
import { stringAt } from '../../lambda/json/read-json.ts';
import { shownIfAny } from './shown-text.ts';

/** What distinguishes the CSR of an event from others. */
export interface CsrIdentity {
  readonly cluster: string | undefined;
  readonly uid: string | undefined;
  readonly name: string | undefined;
  /** Of the request: the event of a creation may lack the name that the API server generates. */
  readonly request: string;
}

/** Compared with the identities of stories, so names are written as they are there. */
export function csrIdentity(record: Pick<AuditRecord, 'event' | 'cluster'>): CsrIdentity {
  const { event, cluster } = record;
  const ofObject = (key: string) =>
    stringAt(event, 'objectRef', key) ??
    stringAt(event, 'responseObject', 'metadata', key) ??
    stringAt(event, 'requestObject', 'metadata', key);
  return {
    cluster: shownIfAny(cluster, 100),
    uid: shownIfAny(ofObject('uid'), 100),
    name: shownIfAny(ofObject('name'), 300),
    request: requestKey(record),
  };
}

/**
 * Equal for the events of one request: RequestReceived, ResponseStarted, ResponseComplete. Clients can choose the audit
 * id, but not the time of the API server, so one request can't pretend to be a stage of another.
 */
export function requestKey(record: Pick<AuditRecord, 'event' | 'cluster'>): string {
  const { event, cluster } = record;
  const auditId = stringAt(event, 'auditID');
  const received = stringAt(event, 'requestReceivedTimestamp');
  const stage = stringAt(event, 'stage');
  if (auditId === undefined || received === undefined || stage === undefined) return digestOf(record);
  const user = stringAt(event, 'user', 'username');
  return JSON.stringify([
    cluster,
    auditId.slice(0, 100),
    received.slice(0, 40),
    stringAt(event, 'verb')?.slice(0, 30),
    user?.slice(0, 300),
    stringAt(event, 'requestURI')?.slice(0, 300),
  ]);
}

function digestOf({ event, cluster }: Pick<AuditRecord, 'event' | 'cluster'>): string {
  return eventDigest({ event, cluster, format: 'json', place: { origin: { kind: 'file', path: '' } } });
}
