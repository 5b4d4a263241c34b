import type { AuditEvent } from '../audit/audit-record.ts';
import { numberAt, stringAt } from '../json/read-json.ts';
import { certificateIn, decidingCondition } from './conditions.ts';
import { isDryRun } from './dry-run.ts';
import { resultingObjectOf } from './event-body.ts';
import type { Outcome, Phase } from './finding.ts';

/** What was attempted. */
export function phaseOf(event: AuditEvent): Phase {
  const verb = stringAt(event, 'verb');
  if (verb === 'delete' || verb === 'deletecollection') return 'deleted';
  const isCsr = stringAt(event, 'objectRef', 'resource') === 'certificatesigningrequests';
  if (isCsr) {
    switch (stringAt(event, 'objectRef', 'subresource')) {
      case 'approval':
        return decision(event);
      case 'status':
        return issuedCertificateOf(event) === undefined ? 'modified' : 'issued';
      default:
    }
  }
  // a patch with response 201 created the object: server-side apply
  const creates =
    verb === 'create' || (verb === 'patch' && numberAt(event, 'responseStatus', 'code') === 201);
  return creates ? 'requested' : 'modified';
}

/** `decided` if the log does not show which decision: no body, or a patch whose result is unknown. */
function decision(event: AuditEvent): Phase {
  const result = resultingObjectOf(event);
  if (result.kind !== 'object') return 'decided';
  switch (decidingCondition(result.object)) {
    case 'Approved':
      return 'approved';
    case 'Denied':
      return 'denied';
    case undefined:
      return 'modified';
  }
}

/** The certificate that a write to `status` contains, base64 of PEM. */
export function issuedCertificateOf(event: AuditEvent): string | undefined {
  const result = resultingObjectOf(event);
  return result.kind === 'object' ? certificateIn(result.object) : undefined;
}

/**
 * What the API server answered. The annotation `decision: allow` is the authorizer's, made before admission. After an
 * error of its own (5xx, a panic) the API server may have stored the object: a client can cause 504 with `?timeout=`.
 */
export function outcomeOf(event: AuditEvent): Outcome {
  const code = numberAt(event, 'responseStatus', 'code');
  if (code === undefined) return 'unknown';
  if (code >= 400 && code < 500) return 'refused';
  if (code >= 500 || stringAt(event, 'stage') === 'Panic') return 'unknown';
  if (isDryRun(event)) return 'dry-run';
  return code >= 200 && code < 300 ? 'succeeded' : 'unknown';
}
