import type { AuditEvent } from '../audit/audit-record.ts';
import type { UsedAction } from '../findings/finding.ts';
import { numberAt, stringAt } from '../json/read-json.ts';

/** The holder of a certificate chooses what to request: further kinds are not listed. */
const maxActions = 20;
const maxCharacters = 200;

/** What one client did with a certificate, by verb, resource and namespace. */
export class UsedActions {
  private readonly byKind = new Map<string, UsedAction>();

  /** @param isNewRequest - false for another stage of a request that was added */
  add(event: AuditEvent, isNewRequest: boolean): void {
    const verb = cut(stringAt(event, 'verb') ?? 'unknown');
    const resource = cut(resourceOf(event));
    const namespace = stringAt(event, 'objectRef', 'namespace');
    const key = JSON.stringify([verb, resource, namespace]);
    const known = this.byKind.get(key);
    if (known === undefined && this.byKind.size >= maxActions) return;
    const { count = 0, refused = 0 } = known ?? {};
    const isRefusal = (numberAt(event, 'responseStatus', 'code') ?? 0) >= 400;
    this.byKind.set(key, {
      verb,
      resource,
      ...(namespace === undefined ? {} : { namespace: cut(namespace) }),
      count: count + (isNewRequest ? 1 : 0),
      refused: refused + (isRefusal ? 1 : 0),
    });
  }

  /** A copy of an event may count a refusal twice. */
  list(): UsedAction[] {
    return [...this.byKind.values()]
      .filter(({ count }) => count > 0)
      .map((action) => ({ ...action, refused: Math.min(action.refused, action.count) }));
  }
}

function resourceOf(event: AuditEvent): string {
  const resource = stringAt(event, 'objectRef', 'resource');
  if (resource === undefined) return stringAt(event, 'requestURI')?.split('?')[0] ?? 'unknown';
  const subresource = stringAt(event, 'objectRef', 'subresource');
  return subresource === undefined ? resource : `${resource}/${subresource}`;
}

function cut(text: string): string {
  return text.slice(0, maxCharacters);
}
