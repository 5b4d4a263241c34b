import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { builtInRules } from '../lambda/rules/built-in.ts';

/** Copies the built-in rules and exceptions without their examples, which end each file and are three quarters of it. */
export function copyRules(folder: string): void {
  for (const name of readdirSync(builtInRules, { recursive: true, encoding: 'utf8' })) {
    if (!name.endsWith('.toml')) continue;
    const [rule = ''] = readFileSync(join(builtInRules, name), 'utf8').split(/^\[\[\w+\.examples\]\]$/m);
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), `${rule.trimEnd()}\n`);
  }
}
