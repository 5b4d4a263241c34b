import type { AuditRecord } from '../../lambda/audit/audit-record.ts';
import { auditSchema } from '../../lambda/audit/fields.ts';
import { csrwatchFields } from '../../lambda/findings/csrwatch-fields.ts';
import { withSubject } from '../../lambda/findings/subject-fields.ts';
import { usedCertificatesOf } from '../../lambda/follow/used-certificate.ts';
import { stringAt, stringsAt } from '../../lambda/json/read-json.ts';
import { builtInRules } from '../../lambda/rules/built-in.ts';
import { compileException, compileRules } from '../../lambda/rules/compile-rules.ts';
import type { LoadedException } from '../../lambda/rules/exception-file.ts';
import { type LoadedRule, type ReadFile, readRules } from '../../lambda/rules/load-rules.ts';
import type { CompiledRule, RuleDefinition, RuleExample, RuleSet } from '../../lambda/rules/rule.ts';
import { printProblem } from '../../lambda/rules/rule-problem.ts';
import { pathsOrEverythingBuiltIn } from '../built-in-rules.ts';

const place = { origin: { kind: 'file', path: 'example' } } as const;
const schema = auditSchema(csrwatchFields);

/** The result of the examples of one file: the number that hold, and a line for each that does not. */
interface Tested {
  readonly passed: number;
  readonly failures: readonly string[];
  /** The rule or exception doesn't compile, or its file can't be read. */
  readonly broken?: readonly string[];
}

/** Runs the examples inside rule files and files of exceptions. @returns the exit status: 1 if one fails */
export async function testRules(paths: readonly string[], say: (text: string) => void): Promise<number> {
  const files = readRules(pathsOrEverythingBuiltIn(paths));
  const definitions = [...files, ...readRules([builtInRules])].flatMap((read) =>
    read.ok && read.kind === 'rule' ? [read.rule.definition] : [],
  );
  const results = (await Promise.all(files.map((read) => testFile(read, definitions)))).flat();
  for (const { failures, broken = [] } of results) {
    for (const line of [...broken, ...failures]) say(`${line}\n`);
  }
  say(`${results.reduce((sum, { passed }) => sum + passed, 0)} examples hold\n`);
  if (results.some(({ broken }) => broken)) return 2;
  return results.some(({ failures }) => failures.length > 0) ? 1 : 0;
}

async function testFile(read: ReadFile, definitions: readonly RuleDefinition[]): Promise<Tested[]> {
  if (!read.ok) return [{ passed: 0, failures: [], broken: read.errors.map(printProblem) }];
  switch (read.kind) {
    case 'rule':
      return [await testRule(read.rule)];
    case 'exceptions':
      return Promise.all(read.exceptions.map((loaded) => testException(loaded, definitions)));
  }
}

async function testRule({ definition, examples }: LoadedRule): Promise<Tested> {
  const { file } = definition;
  const compiled = compileRules([definition], schema);
  if (!compiled.ok) return { passed: 0, failures: [], broken: compiled.errors.map(printProblem) };
  const matches = (record: AuditRecord) => matchesAny(compiled.ruleSet, record);
  if (examples.length === 0) return { passed: 0, failures: [`${file}: it has no examples`] };
  return tested(file, examples, matches);
}

/** An example that an exception matches must also match one of its rules: otherwise it proves nothing. */
async function testException(
  { exception, examples }: LoadedException,
  definitions: readonly RuleDefinition[],
): Promise<Tested> {
  const file = `${exception.file}, exception ${exception.name}`;
  const compiled = compileException(exception, schema);
  if (!compiled.ok) return { passed: 0, failures: [], broken: [printProblem({ ...compiled.error, file })] };
  const named = definitions.filter(({ info }) => exception.rules.includes(info.id));
  const isAboutUses = named.some(({ appliesTo }) => appliesTo === 'certificate-uses');
  const result = await tested(
    file,
    examples,
    (record) => compiled.matches(record) || (isAboutUses && isMatchedUse(record, [compiled])),
  );
  const rules = compileRules(named, schema);
  const isMatched = (record: AuditRecord) => rules.ok && matchesAny(rules.ruleSet, record);
  const idle = await failing(
    examples.filter(({ matches }) => matches),
    isMatched,
  );
  const failures = idle.map(
    ({ name }) => `${file}: "${name}" is not matched by any of its rules, so it proves nothing`,
  );
  return { ...result, failures: [...result.failures, ...failures] };
}

async function tested(
  file: string,
  examples: readonly RuleExample[],
  matches: (record: AuditRecord) => boolean,
): Promise<Tested> {
  const failed = await failing(examples, matches);
  return {
    passed: examples.length - failed.length,
    failures: failed.map(
      ({ name, matches }) => `${file}: "${name}" ${matches ? 'is not matched' : 'is matched'}`,
    ),
  };
}

/** The examples that do not match as they state. */
async function failing(
  examples: readonly RuleExample[],
  matches: (record: AuditRecord) => boolean,
): Promise<RuleExample[]> {
  const results = await Promise.all(
    examples.map(async (example) => matches(await withSubject(recordOf(example))) !== example.matches),
  );
  return examples.filter((_, index) => results[index]);
}

function matchesAny(ruleSet: RuleSet, record: AuditRecord): boolean {
  return ruleSet.match(record).length > 0 || isMatchedUse(record, ruleSet.useRules);
}

/** The certificate of an example is followed, and its subject is the user. */
function isMatchedUse(record: AuditRecord, rules: readonly Pick<CompiledRule, 'matches'>[]): boolean {
  const { event } = record;
  const [sha256] = usedCertificatesOf(event);
  if (sha256 === undefined) return false;
  const subject = {
    commonName: stringAt(event, 'user', 'username') ?? null,
    organizations: stringsAt(event, 'user', 'groups').filter((name) => name !== 'system:authenticated'),
  };
  return rules.some((rule) => rule.matches({ ...record, subject, usedCertificate: { sha256 } }));
}

function recordOf({ event, format }: RuleExample): AuditRecord {
  return { event, format, cluster: null, place };
}
