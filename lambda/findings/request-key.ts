import type { AuditRecord } from '../audit/audit-record.ts';
import { stringAt } from '../json/read-json.ts';
import { eventDigest } from './finding-id.ts';

/**
 * Equal for the events of one request: RequestReceived, ResponseStarted, ResponseComplete. Clients can choose the audit
 * id, but not the time of the API server, so one request can't pretend to be a stage of another.
 */
export function requestKey(record: Pick<AuditRecord, 'event' | 'cluster'>): string {
  const { event, cluster } = record;
  const auditId = stringAt(event, 'auditID');
  const received = stringAt(event, 'requestReceivedTimestamp');
  const stage = stringAt(event, 'stage');
  if (auditId === undefined || received === undefined || stage === undefined) return eventDigest(record);
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
