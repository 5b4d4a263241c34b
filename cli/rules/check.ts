import { auditSchema } from '../../lambda/audit/fields.ts';
import { csrwatchFields } from '../../lambda/findings/own-fields.ts';
import { builtInRules } from '../../lambda/rules/built-in.ts';
import {
  compileException,
  compileRules,
  printProblem,
  type RuleProblem,
} from '../../lambda/rules/compile.ts';
import type { LoadedException } from '../../lambda/rules/exception-file.ts';
import { applyExceptions } from '../../lambda/rules/exceptions.ts';
import { type ReadFile, readRules } from '../../lambda/rules/load.ts';
import type { RuleDefinition } from '../../lambda/rules/rule.ts';
import { pathsOrEverythingBuiltIn } from '../built-in-rules.ts';

/** What `rules check --format json` prints of a file; line and column are places in the query. */
interface Checked {
  readonly file: string;
  readonly ok: boolean;
  readonly error?: Mistake;
  readonly warnings?: readonly Mistake[];
}

interface Mistake {
  readonly message: string;
  readonly line: number;
  readonly column: number;
}

/** A file's result for programs, and as text for people. */
interface Result {
  readonly checked: Checked;
  readonly text: string;
}

/** @returns the exit status: 2 where a rule or an exception is at fault */
export function checkRules(
  paths: readonly string[],
  format: 'text' | 'json',
  say: (text: string) => void,
): number {
  const files = readRules(pathsOrEverythingBuiltIn(paths));
  const known = [...files, ...readRules([builtInRules])].flatMap(definitionsOf);
  const ids = known.map(({ info }) => info.id);
  const results = files.map((read) => checkFile(read, ids));
  const checked = results.map((result) => result.checked);
  say(format === 'json' ? `${JSON.stringify(checked, null, 2)}\n` : results.map(({ text }) => text).join(''));
  return checked.every(({ ok }) => ok) ? 0 : 2;
}

function checkFile(read: ReadFile, ids: readonly string[]): Result {
  if (!read.ok) return refused(read.file, read.errors);
  switch (read.kind) {
    case 'rule':
      return checkRule(read.rule.definition, read.warnings);
    case 'exceptions':
      return checkExceptions(read.file, read.exceptions, ids);
  }
}

function definitionsOf(read: ReadFile): RuleDefinition[] {
  return read.ok && read.kind === 'rule' ? [read.rule.definition] : [];
}

function checkRule(definition: RuleDefinition, doubts: readonly string[]): Result {
  const { file, info } = definition;
  const compiled = compileRules([definition], schema());
  if (!compiled.ok) return wrong(file, compiled.errors);
  const texts = [...doubts, ...compiled.warnings.map(printProblem)].map((text) => `${text} (a warning)\n`);
  const warnings = [
    ...doubts.map((message) => ({ message: message.slice(file.length + 2), line: 1, column: 1 })),
    ...compiled.warnings.map(mistake),
  ];
  return {
    checked: { file, ok: true, ...(warnings.length > 0 ? { warnings } : {}) },
    text: `${file}: ${info.id} compiles\n${texts.join('')}`,
  };
}

function checkExceptions(file: string, loaded: readonly LoadedException[], ids: readonly string[]): Result {
  const exceptions = loaded.map(({ exception }) => exception);
  const applied = applyExceptions([], exceptions, ids);
  if (!applied.ok) return refused(file, applied.errors);
  const errors = exceptions.flatMap((exception): RuleProblem[] => {
    const compiled = compileException(exception, schema());
    if (compiled.ok) return [];
    return compiled.errors.map((error) => ({ ...error, file: `${file}, exception ${exception.name}` }));
  });
  if (errors.length > 0) return wrong(file, errors);
  const text = exceptions.map(({ name }) => `${file}: exception ${name} compiles\n`).join('');
  return { checked: { file, ok: true }, text };
}

function refused(file: string, errors: readonly string[]): Result {
  const error = { message: errors.join('; '), line: 1, column: 1 };
  return { checked: { file, ok: false, error }, text: `${errors.join('\n')}\n` };
}

function wrong(file: string, errors: readonly RuleProblem[]): Result {
  const [first] = errors;
  const text = errors.map((error) => `${printProblem(error)}\n`).join('');
  return { checked: { file, ok: false, ...(first ? { error: mistake(first) } : {}) }, text };
}

function mistake({ message, line, column }: RuleProblem): Mistake {
  return { message, line, column };
}

function schema() {
  return auditSchema(csrwatchFields);
}
