import type { AuditEvent } from '../audit/audit-record.ts';
import { at, stringAt } from '../json/read-json.ts';
import { carriedText, patched, pointerOf } from './event-body.ts';

export interface CsrCondition {
  readonly type: string;
  readonly lastUpdateTime: string | undefined;
}

/** The latest condition in a body of the approval subresource; `undefined` if there is none. */
export function latestCondition(event: AuditEvent): CsrCondition | undefined {
  // the request contains only what was added, the response the whole object
  for (const body of [at(event, 'requestObject'), at(event, 'responseObject')]) {
    const found = conditionsIn(body).filter(({ type }) => type === 'Approved' || type === 'Denied');
    if (found.length > 0) return found.reduce(later);
  }
  return undefined;
}

function later(a: CsrCondition, b: CsrCondition): CsrCondition {
  return (b.lastUpdateTime ?? '') >= (a.lastUpdateTime ?? '') ? b : a;
}

const path = ['status', 'conditions'];

/** Conditions of a whole CSR, a merge patch, an apply document, or a JSON patch, which is a list. */
function conditionsIn(body: unknown): CsrCondition[] {
  if (Array.isArray(body)) return body.flatMap(patchedConditions);
  return listed(at(body, ...path));
}

function patchedConditions(operation: unknown): CsrCondition[] {
  const [index, ...deeper] = pointerOf(operation)?.slice(path.length) ?? [];
  if (index === undefined) return listed(patched(operation, path));
  // `/status/conditions/-` or with a number: one of them
  return deeper.length === 0 ? listed([patched(operation, [...path, index])]) : [];
}

function listed(value: unknown): CsrCondition[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((item) => {
    const type = stringAt(item, 'type');
    return type === undefined ? [] : [{ type, lastUpdateTime: stringAt(item, 'lastUpdateTime') }];
  });
}

/** `status.certificate` of a body, base64 of PEM; `undefined` if there is none. */
export function certificateIn(event: AuditEvent): string | undefined {
  const [requested, answered] = [at(event, 'requestObject'), at(event, 'responseObject')];
  return carriedText(requested, 'status', 'certificate') ?? carriedText(answered, 'status', 'certificate');
}
