import { auditSchema } from '../../lambda/audit/fields.ts';
import { csrwatchFields } from '../../lambda/findings/own-fields.ts';
import { compileRules, printProblem, type RuleProblem } from '../../lambda/rules/compile.ts';
import { readRules } from '../../lambda/rules/load.ts';
import { pathsOrBuiltIn } from '../built-in-rules.ts';

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

/** @returns the exit status: 2 where a rule doesn't compile */
export function checkRules(
  paths: readonly string[],
  format: 'text' | 'json',
  say: (text: string) => void,
): number {
  const results = readRules(pathsOrBuiltIn(paths)).map((read): { checked: Checked; text: string } => {
    if (!read.ok) {
      const error = { message: read.errors.join('; '), line: 1, column: 1 };
      return { checked: { file: read.file, ok: false, error }, text: `${read.errors.join('\n')}\n` };
    }
    const { definition, file } = read;
    const compiled = compileRules([definition], auditSchema(csrwatchFields));
    if (!compiled.ok) {
      const text = compiled.errors.map((error) => `${printProblem(error)}\n`).join('');
      return { checked: { file, ok: false, ...errorOf(compiled.errors) }, text };
    }
    const warnings = compiled.warnings.map(mistake);
    const printed = compiled.warnings.map((warning) => `${printProblem(warning)} (a warning)\n`).join('');
    const checked = { file, ok: true, ...(warnings.length > 0 ? { warnings } : {}) };
    return { checked, text: `${file}: ${definition.info.id} compiles\n${printed}` };
  });
  if (format === 'json')
    say(
      `${JSON.stringify(
        results.map(({ checked }) => checked),
        null,
        2,
      )}\n`,
    );
  else for (const { text } of results) say(text);
  return results.every(({ checked }) => checked.ok) ? 0 : 2;
}

function errorOf([first]: readonly RuleProblem[]): { error?: Mistake } {
  return first ? { error: mistake(first) } : {};
}

function mistake({ message, line, column }: RuleProblem): Mistake {
  return { message, line, column };
}
