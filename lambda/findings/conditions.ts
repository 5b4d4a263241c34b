import type { AuditEvent } from '../audit/audit-record.ts';
import { at, stringAt } from '../json/read-json.ts';

/** The condition of a CSR that decides: the latest of those that approve or deny; `undefined` if there is none. */
export function decidingCondition(object: AuditEvent): 'Approved' | 'Denied' | undefined {
  const conditions = at(object, 'status', 'conditions');
  if (!Array.isArray(conditions)) return undefined;
  let latest: { readonly type: 'Approved' | 'Denied'; readonly updated: string } | undefined;
  for (const condition of conditions) {
    const type = stringAt(condition, 'type');
    if (type !== 'Approved' && type !== 'Denied') continue;
    const updated = stringAt(condition, 'lastUpdateTime') ?? '';
    if (latest === undefined || updated >= latest.updated) latest = { type, updated };
  }
  return latest?.type;
}

/** `status.certificate`, base64 of PEM; `undefined` if there is none. */
export function certificateIn(object: AuditEvent): string | undefined {
  return stringAt(object, 'status', 'certificate');
}
