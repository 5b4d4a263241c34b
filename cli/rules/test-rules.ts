import type { AuditRecord } from '../../lambda/audit/audit-record.ts';
import { auditSchema } from '../../lambda/audit/fields.ts';
import { csrwatchFields } from '../../lambda/findings/csrwatch-fields.ts';
import { builtInRules } from '../../lambda/rules/built-in.ts';
import { compileException, compileRules } from '../../lambda/rules/compile-rules.ts';
import type { LoadedException } from '../../lambda/rules/exception-file.ts';
import { type LoadedRule, type ReadFile, readRules } from '../../lambda/rules/load-rules.ts';
import type { RuleDefinition, RuleExample } from '../../lambda/rules/rule.ts';
import { printProblem } from '../../lambda/rules/rule-problem.ts';
import { pathsOrEverythingBuiltIn } from '../built-in-rules.ts';

const place = { origin: { kind: 'file', path: 'example' } } as const;
const schema = auditSchema(csrwatchFields);

/** What the examples of one file came to: those that hold, and a line for each fault. */
interface Tested {
  readonly passed: number;
  readonly failures: readonly string[];
  /** The rule or exception doesn't compile, or its file can't be read. */
  readonly broken?: readonly string[];
}

/** Runs the examples inside rule files and files of exceptions. @returns the exit status: 1 where one fails */
export function testRules(paths: readonly string[], say: (text: string) => void): number {
  const files = readRules(pathsOrEverythingBuiltIn(paths));
  const definitions = [...files, ...readRules([builtInRules])].flatMap((read) =>
    read.ok && read.kind === 'rule' ? [read.rule.definition] : [],
  );
  const results = files.flatMap((read) => testFile(read, definitions));
  for (const { failures, broken = [] } of results) {
    for (const line of [...broken, ...failures]) say(`${line}\n`);
  }
  say(`${results.reduce((sum, { passed }) => sum + passed, 0)} examples hold\n`);
  if (results.some(({ broken }) => broken)) return 2;
  return results.some(({ failures }) => failures.length > 0) ? 1 : 0;
}

function testFile(read: ReadFile, definitions: readonly RuleDefinition[]): Tested[] {
  if (!read.ok) return [{ passed: 0, failures: [], broken: read.errors.map(printProblem) }];
  switch (read.kind) {
    case 'rule':
      return [testRule(read.rule)];
    case 'exceptions':
      return read.exceptions.map((loaded) => testException(loaded, definitions));
  }
}

function testRule({ definition, examples }: LoadedRule): Tested {
  const { file } = definition;
  const compiled = compileRules([definition], schema);
  if (!compiled.ok) return { passed: 0, failures: [], broken: compiled.errors.map(printProblem) };
  const matches = (record: AuditRecord) => compiled.ruleSet.match(record).length > 0;
  if (examples.length === 0) return { passed: 0, failures: [`${file}: it has no examples`] };
  return tested(file, examples, matches);
}

/** An example that an exception matches must also match one of its rules: otherwise it proves nothing. */
function testException(
  { exception, examples }: LoadedException,
  definitions: readonly RuleDefinition[],
): Tested {
  const file = `${exception.file}, exception ${exception.name}`;
  const compiled = compileException(exception, schema);
  if (!compiled.ok) return { passed: 0, failures: [], broken: [printProblem({ ...compiled.error, file })] };
  const result = tested(file, examples, compiled.matches);
  const named = definitions.filter(({ info }) => exception.rules.includes(info.id));
  const rules = compileRules(named, schema);
  const idle = examples.filter(
    (example) => example.matches && rules.ok && rules.ruleSet.match(recordOf(example)).length === 0,
  );
  const failures = idle.map(
    ({ name }) => `${file}: "${name}" is not matched by any of its rules, so it proves nothing`,
  );
  return { ...result, failures: [...result.failures, ...failures] };
}

function tested(
  file: string,
  examples: readonly RuleExample[],
  matches: (record: AuditRecord) => boolean,
): Tested {
  const failed = examples.filter((example) => matches(recordOf(example)) !== example.matches);
  return {
    passed: examples.length - failed.length,
    failures: failed.map(
      ({ name, matches }) => `${file}: "${name}" ${matches ? 'is not matched' : 'is matched'}`,
    ),
  };
}

function recordOf({ event, format }: RuleExample): AuditRecord {
  return { event, format, cluster: null, place };
}
