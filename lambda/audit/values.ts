/** Absent, null, "", [] and {} are all absent, and so is what holds nothing else. */
function isEmpty(value: unknown): boolean {
  if (value === null || value === undefined || value === '') return true;
  if (Array.isArray(value)) return value.every(isEmpty);
  return typeof value === 'object' && Object.values(value).every(isEmpty);
}

/** A field's values: arrays flattened, empties gone. */
export function withoutEmpty(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value.flatMap(withoutEmpty);
  return isEmpty(value) ? [] : [value];
}

/**
 * The values at a path, through arrays. Keys with dots in them are reachable: of the keys that the
 * next part of the path can be, the longest that is there wins.
 */
export function valuesAt(value: unknown, path: readonly string[]): readonly unknown[] {
  if (path.length === 0) return withoutEmpty(value);
  if (Array.isArray(value)) return value.flatMap((item) => valuesAt(item, path));
  if (typeof value !== 'object' || value === null) return [];
  for (let length = path.length; length > 0; length -= 1) {
    const key = path.slice(0, length).join('.');
    if (!Object.hasOwn(value, key)) continue;
    const found = valuesAt((value as Record<string, unknown>)[key], path.slice(length));
    if (found.length > 0) return found;
  }
  return [];
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
