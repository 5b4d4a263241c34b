import type { AuditEvent } from '../audit/audit-record.ts';
import { at, isObject, stringAt, stringsAt } from '../json/read-json.ts';

/**
 * Whether the API server stored nothing because the client asked for a dry run. A deletion takes its options from the
 * body if it has one, and ignores the query then (apiserver, endpoints/handlers/delete.go).
 */
export function isDryRun(event: AuditEvent): boolean {
  const verb = stringAt(event, 'verb');
  const body = at(event, 'requestObject');
  const isDeletion = verb === 'delete' || verb === 'deletecollection';
  if (isDeletion && isObject(body)) return stringsAt(body, 'dryRun').includes('All');
  return asksForDryRun(stringAt(event, 'requestURI') ?? '');
}

/**
 * Whether the query of a URI contains `dryRun=All`, as Go's url.ParseQuery reads it: a second `?` belongs to the key. What
 * it drops, such as an invalid escape, or reads as a space equals neither text.
 */
function asksForDryRun(uri: string): boolean {
  const start = uri.indexOf('?');
  if (start < 0) return false;
  return uri
    .slice(start + 1)
    .split('&')
    .some((pair) => {
      const [name, value, ...rest] = pair.split('=').map(unescaped);
      return name === 'dryRun' && value === 'All' && rest.length === 0;
    });
}

/** Bytes that are not UTF-8 are kept apart from any text that is compared. */
function unescaped(text: string): string {
  return text.replace(/%([\da-fA-F]{2})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
}
