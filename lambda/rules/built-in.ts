import { existsSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { packageFile } from './package-file.ts';

/**
 * The folder of the built-in rules, which the build copies without examples. Not for the function, whose rules are deployed
 * with its bundle.
 */
export const builtInRules = packageFile(import.meta.url.endsWith('.ts') ? 'rules' : 'dist/rules');

/** Ready-made exceptions, one per file. Each is off until it is named. */
const readyMadeExceptions = join(builtInRules, 'exceptions');

export function readyMadeNames(): string[] {
  return readdirSync(readyMadeExceptions)
    .filter((name) => name.endsWith('.toml'))
    .map((name) => basename(name, '.toml'))
    .sort();
}

/** The file of a ready-made exception, or the given path. */
export function exceptionPath(nameOrPath: string): string {
  const readyMade = join(readyMadeExceptions, `${nameOrPath}.toml`);
  return /^[\w-]+$/.test(nameOrPath) && existsSync(readyMade) ? readyMade : nameOrPath;
}
