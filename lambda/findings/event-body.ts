import type { AuditEvent } from '../audit/audit-record.ts';
import { at, stringAt } from '../json/read-json.ts';

/** The bodies of an event, the response first. A Status, the response to a refused request, is not a body. */
export function bodiesOf(event: AuditEvent): unknown[] {
  return [at(event, 'responseObject'), at(event, 'requestObject')].filter(
    (body) => body != null && stringAt(body, 'kind') !== 'Status',
  );
}

/**
 * What a body sets at a path. Whole objects, merge patches and apply documents contain it there. In a JSON patch, which
 * is a list, it is set by the last operation that adds or replaces it, one of its parents or the whole document.
 */
export function carried(body: unknown, ...path: string[]): unknown {
  if (!Array.isArray(body)) return at(body, ...path);
  return body.map((operation) => patched(operation, path)).findLast((value) => value !== undefined);
}

/** The same for a string that is not empty. */
export function carriedText(body: unknown, ...path: string[]): string | undefined {
  const value = carried(body, ...path);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** What one operation of a JSON patch (RFC 6902) sets at a path. */
export function patched(operation: unknown, path: readonly string[]): unknown {
  const pointer = pointerOf(operation);
  const isAround = pointer?.every((part, index) => part === path[index]);
  return pointer && isAround ? at(operation, 'value', ...path.slice(pointer.length)) : undefined;
}

/** The path to which an operation of a JSON patch writes its value; `undefined` if it writes none. */
export function pointerOf(operation: unknown): string[] | undefined {
  const op = stringAt(operation, 'op');
  const path = at(operation, 'path');
  if ((op !== 'add' && op !== 'replace') || typeof path !== 'string') return undefined;
  return path
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}
