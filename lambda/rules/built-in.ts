import { existsSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of the rules that ship with csrwatch. Not for the function, whose rules are in its bundle. */
export const builtInRules = fileURLToPath(new URL('../../rules', import.meta.url));

/** Exceptions that ship with csrwatch, all off until they are named; a file each. */
const readyMadeExceptions = join(builtInRules, 'exceptions');

export function readyMadeNames(): string[] {
  return readdirSync(readyMadeExceptions)
    .filter((name) => name.endsWith('.toml'))
    .map((name) => basename(name, '.toml'))
    .sort();
}

/** The file of a ready-made exception, or the path that was given. */
export function exceptionPath(nameOrPath: string): string {
  const readyMade = join(readyMadeExceptions, `${nameOrPath}.toml`);
  return /^[\w-]+$/.test(nameOrPath) && existsSync(readyMade) ? readyMade : nameOrPath;
}
