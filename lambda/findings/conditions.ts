import type { AuditEvent } from '../audit/event.ts';
import { at, isObject, stringAt } from '../audit/read.ts';

export interface CsrCondition {
  readonly type: string;
  readonly lastUpdateTime: string | undefined;
}

/** The latest condition of a body of the approval subresource; `undefined` where none is carried. */
export function latestCondition(event: AuditEvent): CsrCondition | undefined {
  // what the request adds says more than the whole object that the response shows
  for (const body of [at(event, 'requestObject'), at(event, 'responseObject')]) {
    const found = conditionsIn(body).filter(({ type }) => type === 'Approved' || type === 'Denied');
    if (found.length > 0) return found.reduce(later);
  }
  return undefined;
}

function later(a: CsrCondition, b: CsrCondition): CsrCondition {
  return (b.lastUpdateTime ?? '') >= (a.lastUpdateTime ?? '') ? b : a;
}

/** Conditions of a whole CSR, a merge patch, an apply document, or a JSON patch, which is a list. */
function conditionsIn(body: unknown): CsrCondition[] {
  if (Array.isArray(body)) return body.flatMap(patchedConditions);
  return listed(at(body, 'status', 'conditions'));
}

function patchedConditions(operation: unknown): CsrCondition[] {
  const path = stringAt(operation, 'path') ?? '';
  const value = at(operation, 'value');
  if (/^\/status\/conditions(\/(\d+|-))?$/.test(path)) return listed(Array.isArray(value) ? value : [value]);
  if (path === '/status') return listed(at(value, 'conditions'));
  return [];
}

function listed(value: unknown): CsrCondition[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((item) => {
    const type = stringAt(item, 'type');
    return type === undefined ? [] : [{ type, lastUpdateTime: stringAt(item, 'lastUpdateTime') }];
  });
}

/** Base64 of PEM, as `status.certificate` of a body; `undefined` where none is carried. */
export function certificateIn(event: AuditEvent): string | undefined {
  return carriedCertificate(at(event, 'requestObject')) ?? carriedCertificate(at(event, 'responseObject'));
}

function carriedCertificate(body: unknown): string | undefined {
  if (!Array.isArray(body)) return stringAt(body, 'status', 'certificate');
  for (const operation of body) {
    const value = at(operation, 'value');
    switch (stringAt(operation, 'path')) {
      case '/status/certificate':
        if (typeof value === 'string' && value !== '') return value;
        break;
      case '/status':
        if (isObject(value) && stringAt(value, 'certificate')) return stringAt(value, 'certificate');
        break;
      default:
    }
  }
  return undefined;
}
