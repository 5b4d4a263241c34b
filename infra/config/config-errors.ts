import type { z } from 'zod';
import { ConfigError } from './config-error.ts';

/**
 * Fills defaults in and checks every field.
 * @param source - where the value comes from: a file or `-c`
 * @throws {ConfigError} with all mistakes, each with its field, what it takes and what it got
 */
export function parsed<T extends z.ZodType>(schema: T, value: unknown, source: string): z.output<T> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const mistakes = result.error.issues.map(({ path, message }) => {
    const got = path.reduce<unknown>((item, key) => Object(item)[key], value);
    return `${source}: ${fieldName(path) || 'the file'}: ${message} (got ${shown(got)})`;
  });
  throw new ConfigError(mistakes.join('\n'));
}

/** As one writes it: `logGroups[0].name`. */
function fieldName(path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (name, key) =>
      typeof key === 'number' ? `${name}[${key}]` : name === '' ? String(key) : `${name}.${String(key)}`,
    '',
  );
}

function shown(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value);
}
