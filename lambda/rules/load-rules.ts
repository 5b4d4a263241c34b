import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileErrorReason } from '../file-error.ts';
import { type LoadedException, readExceptions } from './exception-file.ts';
import { applyExceptions, repeatedNames } from './exceptions.ts';
import type { RuleDefinition, RuleExample, RuleException } from './rule.ts';
import { readRule } from './rule-file.ts';
import type { RuleProblem } from './rule-problem.ts';
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
      readonly warnings: readonly RuleProblem[];
    }
  /** With every error of every file. */
  | {
      readonly ok: false;
      readonly errors: readonly RuleProblem[];
      /** What could be read, so that the errors of its conditions can be reported in the same run. */
      readonly readable: readonly (RuleDefinition | RuleException)[];
    };

/** One file that was read, or why it could not be. `file` is the name that its messages begin with. */
export type ReadFile = { readonly file: string; readonly path: string } & (
  | {
      readonly ok: true;
      readonly kind: 'rule';
      readonly rule: LoadedRule;
      readonly warnings: readonly RuleProblem[];
    }
  | { readonly ok: true; readonly kind: 'exceptions'; readonly exceptions: readonly LoadedException[] }
  | { readonly ok: false; readonly errors: readonly RuleProblem[] }
);

/**
 * Reads rule files, files of exceptions, and folders of them (`*.toml`, without subfolders). Not for the function,
 * which gets the definitions as JSON and needs no TOML parser.
 */
export function readRules(paths: readonly string[]): ReadFile[] {
  const fileById = new Map<string, string>();
  return paths.flatMap(findFiles).map((found): ReadFile => {
    if (!found.ok) return refuse(found.path, found.path, [found.message]);
    const read = readRuleFile(found.path);
    if (!read.ok || read.kind !== 'rule') return read;
    const { id } = read.rule.definition.info;
    const other = fileById.get(id);
    if (other !== undefined) return refuse(read.file, read.path, [`${other} has the same id, ${id}`]);
    fileById.set(id, read.file);
    return read;
  });
}

function readRuleFile(path: string): ReadFile {
  const file = basename(path);
  const toml = parseToml(readFileSync(path, 'utf8'));
  if (!toml.ok) {
    const { message, line, column } = toml;
    return { ok: false, file, path, errors: [{ file, path, message, line, column }] };
  }
  if (toml.document['exceptions'] !== undefined) {
    const read = readExceptions(toml.document, file);
    return read.ok ? { ...read, kind: 'exceptions', file, path } : refuse(file, path, read.messages);
  }
  const read = readRule(toml.document, file);
  if (!read.ok) return refuse(file, path, read.messages);
  const { definition, examples } = read;
  const warnings = read.warnings.map((message) => ({ file, path, message }));
  return { ok: true, kind: 'rule', file, path, rule: { definition, examples }, warnings };
}

function refuse(file: string, path: string, messages: readonly string[]): ReadFile {
  return { ok: false, file, path, errors: messages.map((message) => ({ file, path, message })) };
}

/**
 * The rules of files and folders with their exceptions, or every error of every file.
 * @param exceptions - of the configuration
 */
export function loadRules(paths: readonly string[], exceptions: readonly RuleException[] = []): LoadedRules {
  const files = readRules(paths);
  const errors = files.flatMap((read) => (read.ok ? [] : read.errors));
  const rules = files.flatMap((read) => (read.ok && read.kind === 'rule' ? [read.rule] : []));
  const inFiles = files.flatMap((read) => (read.ok && read.kind === 'exceptions' ? read.exceptions : []));
  const definitions = rules.map(({ definition }) => definition);
  const all = [...inFiles, ...exceptions.map((exception) => ({ exception, examples: [] }))];
  const named = all.map(({ exception }) => exception);
  const readable = [...definitions, ...named];
  // an exception may name a rule that could not be read, so unknown rules are not reported yet
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

type FoundFile =
  | { readonly ok: true; readonly path: string }
  | { readonly ok: false; readonly path: string; readonly message: string };

function findFiles(path: string): FoundFile[] {
  try {
    if (!statSync(path).isDirectory()) return [{ ok: true, path }];
  } catch (error) {
    return [{ ok: false, path, message: fileErrorReason(error) }];
  }
  const names = readdirSync(path).filter((name) => name.endsWith('.toml'));
  if (names.length === 0) return [{ ok: false, path, message: 'the folder contains no rule file (*.toml)' }];
  return names.sort().map((name) => ({ ok: true, path: join(path, name) }));
}
