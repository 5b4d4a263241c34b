import { type RuleInfo, type Severity, severities } from '../findings/finding.ts';
import { at, isObject, numberAt, stringAt } from '../json/read-json.ts';
import { readsAuditLogs } from './elastic-index.ts';
import { readExamples } from './example.ts';
import type { RuleDefinition, RuleExample } from './rule.ts';
import { type TomlTable, unknownKeys } from './toml.ts';

export type RuleFile =
  | {
      readonly ok: true;
      readonly definition: RuleDefinition;
      readonly examples: readonly RuleExample[];
      /** What the rule specifies and csrwatch does not do. */
      readonly warnings: readonly string[];
    }
  | { readonly ok: false; readonly messages: readonly string[] };

type Complain = (message: string) => void;

/** Elastic's risk score of each severity, for a rule without one. */
const riskScores: Readonly<Record<Severity, number>> = { low: 21, medium: 47, high: 73, critical: 99 };
const ownKeys = ['id', 'runbook', 'applies_to', 'examples'];
const certificateUses = 'certificate-uses';

/** Reads a detection rule in Elastic's TOML: `[rule]` is Elastic's table, `[csrwatch]` is ours. */
export function readRule(document: TomlTable, file: string): RuleFile {
  const rule = document['rule'];
  const own = document['csrwatch'];
  if (!isObject(rule)) return { ok: false, messages: ['the table [rule] is missing'] };
  const messages: string[] = [];
  const complain: Complain = (message) => messages.push(message);
  const language = otherLanguage(rule);
  if (language !== undefined) {
    return {
      ok: false,
      messages: [`${language} can't be evaluated: csrwatch supports type query in language kuery`],
    };
  }
  for (const key of unknownKeys(own, ownKeys))
    complain(`csrwatch.${key}: unknown key; the table has ${ownKeys.join(', ')}`);
  const query = rule['query'];
  if (typeof query !== 'string') complain('rule.query, the condition in KQL, is missing');
  const info = readInfo(rule, own, complain);
  const appliesTo = at(own, 'applies_to');
  if (appliesTo !== undefined && appliesTo !== certificateUses)
    complain(`csrwatch.applies_to: ${JSON.stringify(appliesTo)} is not "${certificateUses}"`);
  const setup = text(rule, 'setup', complain);
  const examples = readExamples(at(own, 'examples'), 'csrwatch.examples', complain);
  if (typeof query !== 'string' || info === undefined || messages.length > 0) return { ok: false, messages };
  return {
    ok: true,
    definition: {
      ...{ info, query },
      ...(appliesTo === undefined ? {} : { appliesTo: certificateUses }),
      ...{ exceptions: [], ...setup, file },
    },
    examples,
    warnings: warningsOf(rule),
  };
}

/** The type and language of a rule that can't be evaluated; `undefined` for one in KQL. */
function otherLanguage(rule: unknown): string | undefined {
  const type = at(rule, 'type') ?? 'query';
  const language = at(rule, 'language');
  if (type === 'query' && (language ?? 'kuery') === 'kuery') return undefined;
  return language === undefined ? `a rule of type ${type}` : `a rule of type ${type} in ${language}`;
}

function readInfo(rule: unknown, own: unknown, complain: Complain): RuleInfo | undefined {
  const id = stringAt(own, 'id') ?? stringAt(rule, 'rule_id');
  if (id === undefined) complain('rule.rule_id is missing, and so is csrwatch.id');
  const name = stringAt(rule, 'name');
  if (name === undefined) complain('rule.name is missing');
  const severity = severities.find((known) => known === at(rule, 'severity'));
  if (severity === undefined) {
    complain(`rule.severity: ${JSON.stringify(at(rule, 'severity'))} is not one of ${severities.join(', ')}`);
  }
  const riskScore = numberAt(rule, 'risk_score') ?? (severity && riskScores[severity]);
  const given = at(rule, 'risk_score');
  if (given !== undefined && (typeof given !== 'number' || given < 0 || given > 100)) {
    complain(`rule.risk_score: ${JSON.stringify(given)} is not a number from 0 to 100`);
  }
  const texts = {
    ...text(rule, 'description', complain),
    ...list(rule, 'references', 'references', complain),
    ...list(rule, 'false_positives', 'falsePositives', complain),
    ...list(rule, 'tags', 'tags', complain),
  };
  const runbook = stringAt(own, 'runbook') ?? stringAt(rule, 'note');
  const threat = at(rule, 'threat');
  if (id === undefined || name === undefined || severity === undefined || riskScore === undefined)
    return undefined;
  return {
    ...{ id, name, severity, riskScore },
    ...texts,
    ...(runbook === undefined ? {} : { runbook }),
    ...(Array.isArray(threat) && threat.length > 0 ? { threat } : {}),
  };
}

function text<K extends 'description' | 'setup'>(rule: unknown, key: K, complain: Complain) {
  const value = at(rule, key);
  if (value !== undefined && typeof value !== 'string') complain(`rule.${key} must be a text`);
  return typeof value === 'string' && value !== '' ? { [key]: value } : {};
}

function list(
  rule: unknown,
  key: string,
  as: 'references' | 'falsePositives' | 'tags',
  complain: Complain,
): Partial<RuleInfo> {
  const value = at(rule, key) ?? [];
  if (!Array.isArray(value) || !value.every((item) => typeof item === 'string')) {
    complain(`rule.${key} must be a list of texts`);
    return {};
  }
  return value.length > 0 ? { [as]: value } : {};
}

/** Why a rule may match less or more here than in Elastic. */
function warningsOf(rule: unknown): string[] {
  const index = at(rule, 'index');
  const patterns = [index].flat().filter((item) => typeof item === 'string');
  const filters = at(rule, 'filters');
  return [
    ...(patterns.length > 0 && !readsAuditLogs(patterns)
      ? [
          `rule.index: ${patterns.join(', ')} contains no Kubernetes audit logs, so the rule may never match here`,
        ]
      : []),
    ...(Array.isArray(filters) && filters.length > 0
      ? [
          'rule.filters is not evaluated, so the rule may match more than in Elastic: add the filters to the query',
        ]
      : []),
  ];
}
