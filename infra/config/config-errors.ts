import type { z } from 'zod';
import { ConfigError } from './config-error.ts';

/**
 * Fills defaults in and checks every field.
 * @param source - where the value comes from: a file or `-c`
 * @throws {ConfigError} that lists every mistake: the field, the expected value and the actual one
 */
export function parsed<T extends z.ZodType>(schema: T, value: unknown, source: string): z.output<T> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const mistakes = result.error.issues.map(({ path, message }) => {
    const got = path.reduce<unknown>((item, key) => Object(item)[key], value);
    return `${source}: ${fieldName(path) || 'the file'}: ${problem(message)} (got ${shown(got)})`;
  });
  throw new ConfigError(mistakes.join('\n'));
}

/** zod's names of types, in the words of a user. */
const types: Readonly<Record<string, string>> = {
  array: 'a list',
  boolean: 'true or false',
  int: 'a whole number',
  number: 'a number',
  object: 'an object',
  record: 'an object',
  string: 'a string',
};

/** zod's message without its classification, and without the type of the value, which is shown itself. */
function problem(message: string): string {
  return message
    .replace(/^(Invalid input|Invalid option|Too small|Too big): /, '')
    .replace(/, received .*$/s, '')
    .replace(/^expected (\w+)$/, (whole, type) => (types[type] ? `expected ${types[type]}` : whole))
    .replace(
      /^expected one of (.*)$/s,
      (_whole, values) => `expected one of ${values.replaceAll('|', ', ')}`,
    );
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
