import type { AuditEvent } from '../audit/audit-record.ts';

/** Own property of a plain object; anything else, a prototype's member too, is `undefined`. */
export function at(value: unknown, ...path: string[]): unknown {
  for (const key of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = ownValue(value, key);
  }
  return value;
}

/** The same for one key of an object, for where every event goes by. */
export function ownValue(value: object, key: string): unknown {
  return Object.hasOwn(value, key) ? (value as Record<string, unknown>)[key] : undefined;
}

/** A string that is there: an empty one is an absent one, as for the rules. */
export function stringAt(event: unknown, ...path: string[]): string | undefined {
  const value = at(event, ...path);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

export function numberAt(event: unknown, ...path: string[]): number | undefined {
  const value = at(event, ...path);
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

/** The strings of a list; other elements are left out. */
export function stringsAt(event: unknown, ...path: string[]): string[] {
  const value = at(event, ...path);
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

export function isObject(value: unknown): value is AuditEvent {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
