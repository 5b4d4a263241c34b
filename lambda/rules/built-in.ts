import { existsSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { packageFile } from './package-file.ts';

/**
 * The folder of the built-in rules, which the build copies without examples. Not for the function, whose rules are deployed
 * with its bundle.
 */
export const builtInRules = packageFile(import.meta.url.endsWith('.ts') ? 'rules' : 'dist/rules');

/** The predefined exceptions, one per file. Each is off until a configuration names it. */
const predefinedExceptions = join(builtInRules, 'exceptions');

export function predefinedNames(): string[] {
  return readdirSync(predefinedExceptions)
    .filter((name) => name.endsWith('.toml'))
    .map((name) => basename(name, '.toml'))
    .sort();
}

/** The file of a predefined exception, or the given path. */
export function exceptionPath(nameOrPath: string): string {
  const predefined = join(predefinedExceptions, `${nameOrPath}.toml`);
  return /^[\w-]+$/.test(nameOrPath) && existsSync(predefined) ? predefined : nameOrPath;
}
