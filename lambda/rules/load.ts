import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { RuleDefinition, RuleExample } from './rule.ts';
import { readRuleFile } from './rule-file.ts';

export interface LoadedRule {
  readonly definition: RuleDefinition;
  readonly examples: readonly RuleExample[];
}

export type LoadedRules =
  | { readonly ok: true; readonly rules: readonly LoadedRule[] }
  /** Every error of every file, each with its file. */
  | { readonly ok: false; readonly errors: readonly string[] };

/**
 * Reads rule files, and folders of them (`*.toml`, not those below). Not for the function: it gets
 * the definitions as JSON, so that no TOML parser starts with it.
 */
export function loadRules(paths: readonly string[]): LoadedRules {
  const rules: LoadedRule[] = [];
  const errors: string[] = [];
  for (const path of paths) {
    for (const file of filesOf(path, errors)) {
      const read = readRuleFile(readFileSync(file, 'utf8'), basename(file));
      if (read.ok) rules.push({ definition: read.definition, examples: read.examples });
      else errors.push(...read.errors);
    }
  }
  const ids = rules.map(({ definition }) => definition.info.id);
  for (const [index, id] of ids.entries()) {
    const file = rules[index]?.definition.file;
    if (ids.indexOf(id) !== index) errors.push(`${file}: another rule has the id ${id} already`);
  }
  return errors.length > 0 ? { ok: false, errors } : { ok: true, rules };
}

function filesOf(path: string, errors: string[]): string[] {
  try {
    if (!statSync(path).isDirectory()) return [path];
  } catch (error) {
    errors.push(`${path}: ${error instanceof Error ? error.message : error}`);
    return [];
  }
  const files = readdirSync(path).filter((name) => name.endsWith('.toml'));
  if (files.length === 0) errors.push(`${path}: no rule file (*.toml) is in this folder`);
  return files.sort().map((name) => join(path, name));
}
