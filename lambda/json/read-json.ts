/** An object parsed from JSON, whose keys and values can be anything. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** The value at a path of own properties; `undefined` if there is none. A prototype's members do not count. */
export function at(value: unknown, ...path: string[]): unknown {
  for (const key of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = ownValue(value, key);
  }
  return value;
}

/** The same for one key of an object; faster, for code that runs on every event. */
export function ownValue(value: object, key: string): unknown {
  return Object.hasOwn(value, key) ? (value as Record<string, unknown>)[key] : undefined;
}

/** A string that is not empty: for the rules, too, an empty string is an absent value. */
export function stringAt(event: unknown, ...path: string[]): string | undefined {
  const value = at(event, ...path);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

export function numberAt(event: unknown, ...path: string[]): number | undefined {
  const value = at(event, ...path);
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

/** The strings of a list, without its other elements. */
export function stringsAt(event: unknown, ...path: string[]): string[] {
  const value = at(event, ...path);
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
