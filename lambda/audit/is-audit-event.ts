import { at, isObject } from '../json/read-json.ts';
import type { AuditEvent } from './audit-record.ts';
import type { Recognized } from './recognized.ts';

/** An Event of the audit API, in any version and as forwarders rewrite it. */
export function isAuditEvent(value: AuditEvent): boolean {
  const { kind, apiVersion, auditID, verb, stage, objectRef } = value;
  if (kind === 'Event' && typeof apiVersion === 'string' && apiVersion.startsWith('audit.k8s.io/'))
    return true;
  return (
    typeof auditID === 'string' && typeof verb === 'string' && (stage !== undefined || isObject(objectRef))
  );
}

const otherFields = ['level', 'stage', 'requestURI', 'verb', 'user', 'sourceIPs', 'userAgent', 'objectRef'];

/** What is left of an Event that lost its kind or its verb. */
export function isPartOfEvent(value: AuditEvent): boolean {
  return (
    typeof value['auditID'] === 'string' && otherFields.filter((key) => Object.hasOwn(value, key)).length > 1
  );
}

/** Removes copies of one event that an envelope holds parsed and as text. */
export function withoutCopies(found: readonly Recognized[]): Recognized[] {
  const seen = new Set<string>();
  return found.filter((item) => {
    if (item.kind !== 'event') return true;
    const identity = identityOf(item.event);
    if (seen.has(identity)) return false;
    seen.add(identity);
    return true;
  });
}

/** All that a copy of the same event has in common. The audit ID by itself is the client's. */
function identityOf(event: AuditEvent): string {
  const { auditID, stage, verb, requestURI, requestReceivedTimestamp, stageTimestamp } = event;
  const code = at(event, 'responseStatus', 'code');
  const username = at(event, 'user', 'username');
  return JSON.stringify([
    auditID,
    stage,
    verb,
    requestURI,
    username,
    code,
    requestReceivedTimestamp,
    stageTimestamp,
  ]);
}
