import { parse as parseToml, TomlError } from 'smol-toml';
import { isObject, numberAt, stringAt, stringsAt } from '../audit/read.ts';
import { type RuleInfo, type Severity, severities } from '../findings/finding.ts';
import type { RuleDefinition, RuleExample } from './rule.ts';

export type RuleFile =
  | { readonly ok: true; readonly definition: RuleDefinition; readonly examples: readonly RuleExample[] }
  | { readonly ok: false; readonly errors: readonly string[] };

/** Elastic's scores of the severities, for a rule that gives none. */
const riskScores: Readonly<Record<Severity, number>> = { low: 21, medium: 47, high: 73, critical: 99 };

/** Reads a detection rule in Elastic's TOML: `[rule]` as it is there, `[csrwatch]` with what is ours. */
export function readRuleFile(text: string, file: string): RuleFile {
  let document: unknown;
  try {
    document = parseToml(text);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    return { ok: false, errors: [`${file}:${error.line}:${error.column}: ${error.message.split('\n')[0]}`] };
  }
  const own = isObject(document) ? document['csrwatch'] : undefined;
  const rule = isObject(document) ? document['rule'] : undefined;
  if (!isObject(rule)) return { ok: false, errors: [`${file}: it has no table [rule]`] };
  const errors: string[] = [];
  const complain = (message: string) => errors.push(`${file}: ${message}`);

  const type = stringAt(rule, 'type') ?? 'query';
  const language = stringAt(rule, 'language') ?? 'kuery';
  if (type !== 'query' || language !== 'kuery') {
    complain(
      `a rule of type ${type} in ${language} can't be evaluated: csrwatch takes type query, language kuery`,
    );
  }
  const query = rule['query'];
  if (typeof query !== 'string') complain('rule.query: the condition, in KQL, is missing');
  const severity = severities.find((known) => known === rule['severity']);
  if (severity === undefined) {
    complain(`rule.severity: ${JSON.stringify(rule['severity'])} is none of ${severities.join(', ')}`);
  }
  const id = stringAt(own, 'id') ?? stringAt(rule, 'rule_id');
  if (id === undefined) complain('rule.rule_id or csrwatch.id: one of them is needed');
  const name = stringAt(rule, 'name');
  if (name === undefined) complain('rule.name is missing');
  const examples = readExamples(own, complain);
  if (typeof query !== 'string' || severity === undefined || id === undefined || name === undefined) {
    return { ok: false, errors };
  }
  if (errors.length > 0) return { ok: false, errors };
  const info = { id, name, severity, riskScore: numberAt(rule, 'risk_score') ?? riskScores[severity] };
  return {
    ok: true,
    definition: { info: { ...info, ...words(rule, own) }, query, exceptions: [], file },
    examples,
  };
}

/** What a rule says to people, as far as it says it. */
function words(rule: unknown, own: unknown): Partial<RuleInfo> {
  const description = stringAt(rule, 'description');
  const runbook = stringAt(own, 'runbook') ?? stringAt(rule, 'note');
  const references = stringsAt(rule, 'references');
  const threat = isObject(rule) && Array.isArray(rule['threat']) ? rule['threat'] : [];
  return {
    ...(description === undefined ? {} : { description }),
    ...(runbook === undefined ? {} : { runbook }),
    ...(references.length === 0 ? {} : { references }),
    ...(threat.length === 0 ? {} : { threat }),
  };
}

function readExamples(own: unknown, complain: (message: string) => void): RuleExample[] {
  const list = isObject(own) ? (own['examples'] ?? []) : [];
  if (!Array.isArray(list)) {
    complain('csrwatch.examples: it is a list of tables, [[csrwatch.examples]]');
    return [];
  }
  return list.flatMap((item, index) => {
    const where = `csrwatch.examples[${index}]`;
    const name = stringAt(item, 'name');
    const matches = isObject(item) ? item['matches'] : undefined;
    const event = exampleEvent(isObject(item) ? item['event'] : undefined);
    if (name === undefined) complain(`${where}.name is missing`);
    if (typeof matches !== 'boolean') complain(`${where}.matches: true or false is needed`);
    if (event === undefined) complain(`${where}.event: an audit event is needed, as a table or as JSON text`);
    return name === undefined || typeof matches !== 'boolean' || event === undefined
      ? []
      : [{ name, matches, format: stringAt(item, 'format') === 'legacy' ? 'legacy' : 'json', event }];
  });
}

function exampleEvent(value: unknown): RuleExample['event'] | undefined {
  if (typeof value !== 'string') return isObject(value) ? value : undefined;
  try {
    const event: unknown = JSON.parse(value);
    return isObject(event) ? event : undefined;
  } catch {
    return undefined;
  }
}
