import type { AuditRecord } from '../audit/audit-record.ts';
import { at } from '../json/read-json.ts';
import { canonicalText } from './canonical-json.ts';

/**
 * A digest over the event's own content and its cluster, 128 bits in hexadecimal. Never over auditID only:
 * the client sets it, and reusing an old one must not suppress an alert.
 */
export function eventDigest({ event, cluster }: AuditRecord): string {
  return digest([
    cluster,
    at(event, 'auditID'),
    at(event, 'stage'),
    at(event, 'verb'),
    at(event, 'objectRef'),
    at(event, 'user'),
    at(event, 'requestReceivedTimestamp'),
    at(event, 'stageTimestamp'),
    at(event, 'responseStatus', 'code'),
  ]);
}

/** The id of a finding: a digest over its rule and its event. */
export function findingId(ruleId: string, event: string): string {
  return digest([ruleId, event]);
}

function digest(content: unknown): string {
  // loaded lazily: most invocations have no finding, and it would add to their cold start
  const { createHash } = process.getBuiltinModule('node:crypto');
  return createHash('sha256').update(canonicalText(content)).digest('hex').slice(0, 32);
}
