import { auditSchema } from '../../lambda/audit/fields.ts';
import { csrwatchFields } from '../../lambda/findings/csrwatch-fields.ts';
import { builtInRules } from '../../lambda/rules/built-in.ts';
import {
  checkException,
  compileRules,
  printProblem,
  type RuleProblem,
} from '../../lambda/rules/compile-rules.ts';
import { repeatedNames, unknownRules } from '../../lambda/rules/exceptions.ts';
import { type ReadFile, readRules } from '../../lambda/rules/load-rules.ts';
import type { RuleDefinition, RuleException } from '../../lambda/rules/rule.ts';
import { pathsOrEverythingBuiltIn } from '../built-in-rules.ts';

/**
 * What `rules check --format json` prints of a file. It is named as the call named it, or its folder; line and column are
 * places in the query.
 */
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
  const results = files.map((read, index) => {
    if (!read.ok) return refused(read.file, read.errors);
    if (read.kind === 'rule') return checkRule(read.rule.definition, read.warnings);
    const others = files.slice(0, index).flatMap(exceptionsOf);
    // whether an exception names a rule can't be told while a rule is unreadable
    const misnamed = files.every(({ ok }) => ok) ? unknownRules(exceptionsOf(read), ids) : [];
    return checkExceptions(read.file, exceptionsOf(read), [
      ...misnamed,
      ...repeatedNames([...others, ...exceptionsOf(read)]).filter((error) =>
        error.startsWith(`${read.file}:`),
      ),
    ]);
  });
  // files of two folders may have one name
  const checked = results.map((result, index) => ({
    ...result.checked,
    file: files[index]?.path ?? result.checked.file,
  }));
  say(format === 'json' ? `${JSON.stringify(checked, null, 2)}\n` : results.map(({ text }) => text).join(''));
  return checked.every(({ ok }) => ok) ? 0 : 2;
}

function exceptionsOf(read: ReadFile): RuleException[] {
  return read.ok && read.kind === 'exceptions' ? read.exceptions.map(({ exception }) => exception) : [];
}

function definitionsOf(read: ReadFile): RuleDefinition[] {
  return read.ok && read.kind === 'rule' ? [read.rule.definition] : [];
}

function checkRule(definition: RuleDefinition, doubts: readonly string[]): Result {
  const { file, info } = definition;
  const compiled = compileRules([definition], schema());
  if (!compiled.ok) return wrong(file, compiled.errors);
  return passed(file, info.id, compiled.warnings, doubts);
}

/** @param misnamed - errors of their names */
function checkExceptions(
  file: string,
  exceptions: readonly RuleException[],
  misnamed: readonly string[],
): Result {
  const checked = exceptions.map((exception) => checkException(exception, schema()));
  const errors = checked.flatMap((result) => (result.ok ? [] : result.errors));
  if (misnamed.length > 0) {
    const { checked, text } = refused(file, misnamed);
    return { checked, text: text + (errors.length > 0 ? wrong(file, errors).text : '') };
  }
  if (errors.length > 0) return wrong(file, errors);
  const warnings = checked.flatMap((result) => (result.ok ? result.warnings : []));
  return passed(file, exceptions.map(({ name }) => `exception ${name}`).join(', '), warnings);
}

function passed(
  file: string,
  what: string,
  warnings: readonly RuleProblem[],
  doubts: readonly string[] = [],
): Result {
  const texts = [...doubts, ...warnings.map(printProblem)].map((text) => `${text} (a warning)\n`);
  const listed = [
    ...doubts.map((message) => ({ message: bare(message, file), line: 1, column: 1 })),
    ...warnings.map(mistake),
  ];
  return {
    checked: { file, ok: true, ...(listed.length > 0 ? { warnings: listed } : {}) },
    text: `${file}: ${what} compiles\n${texts.join('')}`,
  };
}

function refused(file: string, errors: readonly string[]): Result {
  const message = errors.map((error) => bare(error, file)).join('; ');
  return {
    checked: { file, ok: false, error: { message, line: 1, column: 1 } },
    text: `${errors.join('\n')}\n`,
  };
}

function wrong(file: string, errors: readonly RuleProblem[]): Result {
  const [first] = errors;
  const text = errors.map((error) => `${printProblem(error)}\n`).join('');
  return { checked: { file, ok: false, ...(first ? { error: mistake(first) } : {}) }, text };
}

/** A message without the file that stands before it. */
function bare(message: string, file: string): string {
  return message.startsWith(`${file}: `) ? message.slice(file.length + 2) : message;
}

function mistake({ message, line, column }: RuleProblem): Mistake {
  return { message, line, column };
}

function schema() {
  return auditSchema(csrwatchFields);
}
