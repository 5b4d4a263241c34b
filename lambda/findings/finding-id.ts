import type { AuditRecord } from '../audit/audit-record.ts';
import { at } from '../json/read-json.ts';
import { canonicalText } from './canonical-json.ts';

/**
 * A digest over the event's own content and its cluster, 128 bits in hexadecimal. Never over auditID only: the client sets
 * it, and reusing an old one must not suppress an alert. The API server sets the time at which it received the request, in
 * microseconds. Forwarders remove stageTimestamp, so it counts only without that time.
 */
export function eventDigest({ event, cluster }: Pick<AuditRecord, 'event' | 'cluster'>): string {
  return digest([
    cluster,
    at(event, 'auditID'),
    at(event, 'stage'),
    at(event, 'verb'),
    at(event, 'objectRef'),
    // generateName: several creations in the same microsecond differ only in the names that the API server chose
    at(event, 'objectRef', 'name') ?? at(event, 'responseObject', 'metadata', 'name'),
    at(event, 'user'),
    instantOf(at(event, 'requestReceivedTimestamp') ?? at(event, 'stageTimestamp')),
    at(event, 'responseStatus', 'code'),
  ]);
}

const rfc3339 = /^(\d{4}-\d\d-\d\d)[Tt](\d\d:\d\d:\d\d)(?:\.(\d+))?(?:[Zz]|([+-]\d\d):?(\d\d))$/;

/** Seconds since the epoch with every digit of the fraction, however the time is written; other values as they are. */
function instantOf(time: unknown): unknown {
  const [, day, clock, fraction = '', hours = '+00', minutes = '00'] =
    rfc3339.exec(typeof time === 'string' ? time : '') ?? [];
  const seconds = Date.parse(`${day}T${clock}${hours}:${minutes}`) / 1_000;
  return Number.isNaN(seconds) ? time : `${seconds}.${fraction.replace(/0+$/, '')}`;
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
