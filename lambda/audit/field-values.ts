import { ownValue } from '../json/read-json.ts';

/** Absent, null, "", [] and {} are all absent, and so is what holds nothing else. */
function isEmpty(value: unknown): boolean {
  if (value === null || value === undefined || value === '') return true;
  if (Array.isArray(value)) return value.every(isEmpty);
  return typeof value === 'object' && Object.values(value).every(isEmpty);
}

const none: readonly unknown[] = [];

/** A field's values: arrays flattened, empties gone. */
export function withoutEmpty(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value.flatMap(withoutEmpty);
  return isEmpty(value) ? none : [value];
}

/**
 * Reads the values at a path, through arrays. Keys with dots in them are reachable: of the keys that the
 * next part of the path can be, the longest that is there wins.
 */
export function valueReader(path: readonly string[]): (value: unknown) => readonly unknown[] {
  const heads = path.map((_, from) =>
    path
      .slice(from)
      .map((_, more) => ({ key: path.slice(from, from + more + 1).join('.'), next: from + more + 1 }))
      .reverse(),
  );
  const read = (value: unknown, from: number): readonly unknown[] => {
    const keys = heads[from];
    if (keys === undefined) return withoutEmpty(value);
    if (Array.isArray(value)) return value.flatMap((item) => read(item, from));
    if (typeof value !== 'object' || value === null) return none;
    for (const { key, next } of keys) {
      const below = ownValue(value, key);
      const found = below === undefined ? none : read(below, next);
      if (found.length > 0) return found;
    }
    return none;
  };
  return (value) => read(value, 0);
}

/** The dotted paths of every value below an object that is not empty, each once. */
export function leaves(value: unknown): Set<string> {
  const paths = new Set<string>();
  const walk = (item: unknown, path: string) => {
    if (Array.isArray(item)) for (const element of item) walk(element, path);
    else if (typeof item === 'object' && item !== null) {
      for (const [key, below] of Object.entries(item)) walk(below, path === '' ? key : `${path}.${key}`);
    } else if (!isEmpty(item)) paths.add(path);
  };
  walk(value, '');
  return paths;
}
