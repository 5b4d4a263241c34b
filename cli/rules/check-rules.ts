import { auditSchema } from '../../lambda/audit/fields.ts';
import { csrwatchFields } from '../../lambda/findings/csrwatch-fields.ts';
import { builtInRules } from '../../lambda/rules/built-in.ts';
import { checkException, compileRules } from '../../lambda/rules/compile-rules.ts';
import { repeatedNames, unknownRules } from '../../lambda/rules/exceptions.ts';
import { type ReadFile, readRules } from '../../lambda/rules/load-rules.ts';
import type { RuleDefinition, RuleException } from '../../lambda/rules/rule.ts';
import { printProblem, printWarning, type RuleProblem } from '../../lambda/rules/rule-problem.ts';
import { pathsOrEverythingBuiltIn } from '../built-in-rules.ts';

/**
 * The result for one file in `rules check --format json`. `file` is the path that was given, or one in the folder that
 * was given. Line and column are places in the query, or in the file if it is not valid TOML.
 */
interface FileResult {
  readonly file: string;
  readonly ok: boolean;
  readonly error?: PlacedMessage;
  readonly warnings?: readonly PlacedMessage[];
}

interface PlacedMessage {
  readonly message: string;
  readonly line: number;
  readonly column: number;
}

/** The rules and exceptions of one file, checked. */
interface Checked {
  readonly file: string;
  readonly path: string;
  /** The names of what the file defines. */
  readonly defines: string;
  readonly errors: readonly RuleProblem[];
  readonly warnings: readonly RuleProblem[];
}

export interface CheckOptions {
  readonly format: 'text' | 'json';
  /** Warnings are errors. */
  readonly strict: boolean;
}

/** @returns the exit status: 2 if a rule or an exception has an error */
export function checkRules(
  paths: readonly string[],
  { format, strict }: CheckOptions,
  say: (text: string) => void,
): number {
  const files = readRules(pathsOrEverythingBuiltIn(paths));
  const known = [...files, ...readRules([builtInRules])].flatMap(definitionsOf);
  // an exception may name a rule that could not be read, so unknown rules are reported only if all could
  const ids = files.every(({ ok }) => ok) ? known.map(({ info }) => info.id) : undefined;
  const checked = files.map((read, index): Checked => {
    const { file, path } = read;
    if (!read.ok) return { file, path, defines: '', errors: read.errors, warnings: [] };
    if (read.kind === 'rule') return checkRule(read.rule.definition, path, read.warnings);
    const earlier = files.slice(0, index).flatMap(exceptionsOf);
    return checkExceptions(read, exceptionsOf(read), earlier, ids);
  });
  const results = strict ? checked.map(withoutWarnings) : checked;
  say(
    format === 'json'
      ? `${JSON.stringify(results.map(fileResult), null, 2)}\n`
      : results.map(printChecked).join(''),
  );
  return results.every(({ errors }) => errors.length === 0) ? 0 : 2;
}

function withoutWarnings(checked: Checked): Checked {
  return { ...checked, errors: [...checked.errors, ...checked.warnings], warnings: [] };
}

function exceptionsOf(read: ReadFile): RuleException[] {
  return read.ok && read.kind === 'exceptions' ? read.exceptions.map(({ exception }) => exception) : [];
}

function definitionsOf(read: ReadFile): RuleDefinition[] {
  return read.ok && read.kind === 'rule' ? [read.rule.definition] : [];
}

function checkRule(definition: RuleDefinition, path: string, fileWarnings: readonly RuleProblem[]): Checked {
  const { file, info } = definition;
  const compiled = compileRules([definition], schema());
  return {
    ...{ file, path, defines: info.id },
    errors: compiled.ok ? [] : compiled.errors,
    warnings: [...fileWarnings, ...(compiled.ok ? compiled.warnings : [])],
  };
}

/**
 * @param earlier - the exceptions of the files before this one, which may have used a name
 * @param ids - of all rules; `undefined`: not known
 */
function checkExceptions(
  { file, path }: Pick<ReadFile, 'file' | 'path'>,
  exceptions: readonly RuleException[],
  earlier: readonly RuleException[],
  ids: readonly string[] | undefined,
): Checked {
  const results = exceptions.map((exception) => checkException(exception, schema()));
  const taken = earlier.map(({ name }) => name);
  return {
    ...{ file, path, defines: exceptions.map(({ name }) => `exception ${name}`).join(', ') },
    errors: [
      ...(ids === undefined ? [] : unknownRules(exceptions, ids)),
      ...repeatedNames(exceptions, taken),
      ...results.flatMap((result) => (result.ok ? [] : result.errors)),
    ],
    warnings: results.flatMap((result) => (result.ok ? result.warnings : [])),
  };
}

function fileResult({ path, errors, warnings }: Checked): FileResult {
  const [error] = errors;
  return {
    file: path,
    ok: error === undefined,
    ...(error ? { error: placedMessage(error) } : {}),
    ...(error === undefined && warnings.length > 0 ? { warnings: warnings.map(placedMessage) } : {}),
  };
}

function printChecked({ file, defines, errors, warnings }: Checked): string {
  if (errors.length > 0) return errors.map((error) => `${printProblem(error)}\n`).join('');
  return `${file}: ${defines} compiles\n${warnings.map((warning) => `${printWarning(warning)}\n`).join('')}`;
}

function placedMessage({ message, line = 1, column = 1 }: RuleProblem): PlacedMessage {
  return { message, line, column };
}

function schema() {
  return auditSchema(csrwatchFields);
}
