import type { AuditEvent } from '../audit/audit-record.ts';
import { at, numberAt, stringAt } from '../json/read-json.ts';
import { certificateIn, latestCondition } from './conditions.ts';
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
        return certificateIn(event) === undefined ? 'modified' : 'issued';
      default:
    }
  }
  // a patch with response 201 created the object: server-side apply
  const creates =
    verb === 'create' || (verb === 'patch' && numberAt(event, 'responseStatus', 'code') === 201);
  return creates ? 'requested' : 'modified';
}

function decision(event: AuditEvent): Phase {
  switch (latestCondition(event)?.type) {
    case 'Approved':
      return 'approved';
    case 'Denied':
      return 'denied';
    default:
      return hasBody(event) ? 'modified' : 'decided';
  }
}

function hasBody(event: AuditEvent): boolean {
  const response = at(event, 'responseObject');
  // the response to a refused request is a Status, which states nothing about the object
  return at(event, 'requestObject') != null || (response != null && stringAt(response, 'kind') !== 'Status');
}

/** What the API server answered. The annotation `decision: allow` is the authorizer's, made before admission. */
export function outcomeOf(event: AuditEvent): Outcome {
  const code = numberAt(event, 'responseStatus', 'code');
  if (code === undefined) return 'unknown';
  if (code >= 400 && code < 600) return 'refused';
  if (isDryRun(stringAt(event, 'requestURI') ?? '')) return 'dry-run';
  return code >= 200 && code < 300 ? 'succeeded' : 'unknown';
}

function isDryRun(uri: string): boolean {
  const query = uri.indexOf('?');
  return query >= 0 && new URLSearchParams(uri.slice(query + 1)).getAll('dryRun').includes('All');
}
