import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { ioReason } from '../io-reason.ts';
import { type LoadedException, readExceptions } from './exception-file.ts';
import { applyExceptions, repeatedNames } from './exceptions.ts';
import type { RuleDefinition, RuleExample, RuleException } from './rule.ts';
import { readRule } from './rule-file.ts';
import { parseToml } from './toml.ts';

export interface LoadedRule {
  readonly definition: RuleDefinition;
  readonly examples: readonly RuleExample[];
}

export type LoadedRules =
  | {
      readonly ok: true;
      /** With the exceptions that name them. */
      readonly rules: readonly LoadedRule[];
      readonly exceptions: readonly LoadedException[];
      /** Each with its file. */
      readonly warnings: readonly string[];
    }
  /** Every error of every file, each with its file. */
  | {
      readonly ok: false;
      readonly errors: readonly string[];
      /** What could be read, so that the errors of its conditions can be told in the same run. */
      readonly readable: readonly (RuleDefinition | RuleException)[];
    };

/** One file, read or not; `file` is the name that its messages begin with, `path` where it lies. */
export type ReadFile = { readonly file: string; readonly path: string } & (
  | {
      readonly ok: true;
      readonly kind: 'rule';
      readonly rule: LoadedRule;
      readonly warnings: readonly string[];
    }
  | { readonly ok: true; readonly kind: 'exceptions'; readonly exceptions: readonly LoadedException[] }
  | { readonly ok: false; readonly errors: readonly string[] }
);

/**
 * Reads rule files, files of exceptions, and folders of them (`*.toml`, not those below). Not for the function:
 * it gets the definitions as JSON, so that no TOML parser starts with it.
 */
export function readRules(paths: readonly string[]): ReadFile[] {
  const ids = new Map<string, string>();
  return paths.flatMap(filesOf).map((found): ReadFile => {
    if (!found.ok) return found;
    const { path } = found;
    const file = basename(path);
    const toml = parseToml(readFileSync(path, 'utf8'), file);
    if (!toml.ok) return { ok: false, file, path, errors: [toml.error] };
    if (toml.document['exceptions'] !== undefined) {
      const read = readExceptions(toml.document, file);
      return read.ok ? { ...read, kind: 'exceptions', file, path } : { ...read, file, path };
    }
    const read = readRule(toml.document, file);
    if (!read.ok) return { ok: false, file, path, errors: read.errors };
    const { definition, examples, warnings } = read;
    const { id } = definition.info;
    const other = ids.get(id);
    if (other !== undefined)
      return { ok: false, file, path, errors: [`${file}: ${other} has the id ${id} already`] };
    ids.set(id, file);
    return { ok: true, kind: 'rule', file, path, rule: { definition, examples }, warnings };
  });
}

/**
 * The rules of files and folders with their exceptions; every error of every file where one can't be read.
 * @param exceptions - of the configuration
 */
export function loadRules(paths: readonly string[], exceptions: readonly RuleException[] = []): LoadedRules {
  const files = readRules(paths);
  const errors = files.flatMap((read) => (read.ok ? [] : read.errors));
  const rules = files.flatMap((read) => (read.ok && read.kind === 'rule' ? [read.rule] : []));
  const beside = files.flatMap((read) => (read.ok && read.kind === 'exceptions' ? read.exceptions : []));
  const definitions = rules.map(({ definition }) => definition);
  const all = [...beside, ...exceptions.map((exception) => ({ exception, examples: [] }))];
  const named = all.map(({ exception }) => exception);
  const readable = [...definitions, ...named];
  // whether an exception names a rule can't be told while a rule is unreadable
  if (errors.length > 0) return { ok: false, errors: [...errors, ...repeatedNames(named)], readable };
  const applied = applyExceptions(definitions, named);
  if (!applied.ok) return { ...applied, readable };
  return {
    ok: true,
    rules: applied.definitions.map((definition, index) => ({
      definition,
      examples: rules[index]?.examples ?? [],
    })),
    exceptions: all,
    warnings: files.flatMap((read) => (read.ok && read.kind === 'rule' ? read.warnings : [])),
  };
}

type Found =
  | { readonly ok: true; readonly path: string }
  | {
      readonly ok: false;
      readonly file: string;
      readonly path: string;
      readonly errors: readonly string[];
    };

function filesOf(path: string): Found[] {
  try {
    if (!statSync(path).isDirectory()) return [{ ok: true, path }];
  } catch (error) {
    return [{ ok: false, file: path, path, errors: [`${path}: ${ioReason(error)}`] }];
  }
  const names = readdirSync(path).filter((name) => name.endsWith('.toml'));
  if (names.length === 0) {
    return [{ ok: false, file: path, path, errors: [`${path}: no rule file (*.toml) is in this folder`] }];
  }
  return names.sort().map((name) => ({ ok: true, path: join(path, name) }));
}
