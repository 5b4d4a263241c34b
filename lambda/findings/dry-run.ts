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
  return queryValues(stringAt(event, 'requestURI') ?? '', 'dryRun').includes('All');
}

/**
 * The values of a key in the query of a URI, as Go's url.ParseQuery reads it: a second `?` belongs to the key, a pair
 * with a semicolon or an invalid escape is dropped, `+` is a space.
 */
function queryValues(uri: string, key: string): string[] {
  const start = uri.indexOf('?');
  if (start < 0) return [];
  return uri
    .slice(start + 1)
    .split('&')
    .flatMap((pair) => {
      if (pair.includes(';')) return [];
      const equals = pair.indexOf('=');
      const name = unescaped(equals < 0 ? pair : pair.slice(0, equals));
      const value = equals < 0 ? '' : unescaped(pair.slice(equals + 1));
      return name === key && value !== undefined ? [value] : [];
    });
}

/** `undefined` for an invalid escape. Bytes that are not UTF-8 are kept apart from any text that is compared. */
function unescaped(text: string): string | undefined {
  const spaced = text.replaceAll('+', ' ');
  if (/%(?![\da-fA-F]{2})/.test(spaced)) return undefined;
  return spaced.replace(/%([\da-fA-F]{2})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
}
