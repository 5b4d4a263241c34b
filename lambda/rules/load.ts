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

/** One rule file, read or not. */
export type ReadRule =
  | ({ readonly ok: true; readonly file: string } & LoadedRule)
  | { readonly ok: false; readonly file: string; readonly errors: readonly string[] };

/**
 * Reads rule files, and folders of them (`*.toml`, not those below). Not for the function: it gets
 * the definitions as JSON, so that no TOML parser starts with it.
 */
export function readRules(paths: readonly string[]): ReadRule[] {
  const ids = new Map<string, string>();
  return paths.flatMap(filesOf).map((found): ReadRule => {
    if (!found.ok) return found;
    const file = basename(found.path);
    const read = readRuleFile(readFileSync(found.path, 'utf8'), file);
    if (!read.ok) return { ok: false, file, errors: read.errors };
    const { definition, examples } = read;
    const { id } = definition.info;
    const other = ids.get(id);
    if (other !== undefined)
      return { ok: false, file, errors: [`${file}: ${other} has the id ${id} already`] };
    ids.set(id, file);
    return { ok: true, file, definition, examples };
  });
}

/** The rules of files and folders; every error of every file where one can't be read. */
export function loadRules(paths: readonly string[]): LoadedRules {
  const rules: LoadedRule[] = [];
  const errors: string[] = [];
  for (const read of readRules(paths)) {
    if (read.ok) rules.push({ definition: read.definition, examples: read.examples });
    else errors.push(...read.errors);
  }
  return errors.length > 0 ? { ok: false, errors } : { ok: true, rules };
}

type Found =
  | { readonly ok: true; readonly path: string }
  | { readonly ok: false; readonly file: string; readonly errors: readonly string[] };

function filesOf(path: string): Found[] {
  try {
    if (!statSync(path).isDirectory()) return [{ ok: true, path }];
  } catch (error) {
    return [
      { ok: false, file: path, errors: [`${path}: ${error instanceof Error ? error.message : error}`] },
    ];
  }
  const names = readdirSync(path).filter((name) => name.endsWith('.toml'));
  if (names.length === 0) {
    return [{ ok: false, file: path, errors: [`${path}: no rule file (*.toml) is in this folder`] }];
  }
  return names.sort().map((name) => ({ ok: true, path: join(path, name) }));
}
