import { cpSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packageFile } from '../lambda/rules/package-file.ts';
import { buildCli } from '../packaging/build-cli.ts';
import { copyRules } from '../packaging/copy-rules.ts';
import { type Command, nodeBin } from './measure.ts';

const folder = fileURLToPath(new URL('.data/package/', import.meta.url));

/** Builds the command as the npm package holds it. A checkout would run its source instead. */
export async function buildCommand(): Promise<void> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, 'cli'), { recursive: true });
  for (const path of ['package.json', 'cli/csrwatch.js']) cpSync(packageFile(path), join(folder, path));
  copyRules(join(folder, 'dist/rules'));
  await buildCli(join(folder, 'dist'));
}

/** `csrwatch scan` as a user types it: with all built-in rules, and text as output. */
export function scanCommand(...args: readonly string[]): Command {
  // with findings it exits with 1
  return { args: [nodeBin, join(folder, 'cli/csrwatch.js'), 'scan', ...args], fine: [0, 1] };
}
