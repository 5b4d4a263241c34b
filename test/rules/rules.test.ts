import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseConfig } from '../../infra/config.ts';
import { deployedRules } from '../../infra/rules.ts';
import type { AuditRecord } from '../../lambda/audit/audit-record.ts';
import { auditSchema } from '../../lambda/audit/fields.ts';
import { csrwatchFields } from '../../lambda/findings/csrwatch-fields.ts';
import { compileRules } from '../../lambda/rules/compile-rules.ts';
import { readExceptions } from '../../lambda/rules/exception-file.ts';
import { loadRules } from '../../lambda/rules/load-rules.ts';
import { readRule } from '../../lambda/rules/rule-file.ts';
import { parseToml } from '../../lambda/rules/toml.ts';

const folder = () => mkdtempSync(join(tmpdir(), 'csrwatch-rules-'));
const base = 'kubernetes-csr-created-or-approved';

function readRuleFile(text: string, file: string) {
  const toml = parseToml(text);
  if (!toml.ok) throw new Error(toml.message);
  return readRule(toml.document, file);
}

/** A rule as Elastic publishes it, with keys that csrwatch does not read. */
const elastic = `
[metadata]
creation_date = "2022/06/30"
integration = ["kubernetes"]
maturity = "production"

[rule]
author = ["Elastic"]
description = "A shell was opened in a pod."
false_positives = ["An administrator debugs."]
index = ["logs-kubernetes.*"]
language = "kuery"
license = "Elastic License v2"
name = "Kubernetes User Exec into Pod"
note = "Ask them."
references = ["https://example.com/exec"]
risk_score = 47
rule_id = "14de811c-d60f-11ec-9fd7-f661ea17fbce"
setup = "Turn audit logging on."
severity = "medium"
tags = ["Data Source: Kubernetes", "Tactic: Execution"]
timestamp_override = "event.ingested"
type = "query"
query = '''
event.dataset : "kubernetes.audit_logs" and kubernetes.audit.objectRef.subresource:"exec"
'''

[[rule.threat]]
framework = "MITRE ATT&CK"
[rule.threat.tactic]
id = "TA0002"
name = "Execution"
reference = "https://attack.mitre.org/tactics/TA0002/"

[rule.alert_suppression]
group_by = ["user.name"]
`;

describe("a rule file in Elastic's TOML", () => {
  test('loads unchanged', () => {
    expect(readRuleFile(elastic, 'exec.toml')).toMatchObject({
      ok: true,
      warnings: [],
      definition: {
        file: 'exec.toml',
        setup: 'Turn audit logging on.',
        info: {
          id: '14de811c-d60f-11ec-9fd7-f661ea17fbce',
          name: 'Kubernetes User Exec into Pod',
          severity: 'medium',
          riskScore: 47,
          runbook: 'Ask them.',
          falsePositives: ['An administrator debugs.'],
          references: ['https://example.com/exec'],
          tags: ['Data Source: Kubernetes', 'Tactic: Execution'],
          threat: [{ tactic: { id: 'TA0002' } }],
        },
      },
    });
  });

  test.each([
    ['type = "query"', 'type = "new_terms"', 'a rule of type new_terms in kuery'],
    ['type = "query"', 'type = "threshold"', 'a rule of type threshold in kuery'],
    ['type = "query"', 'type = 5', 'a rule of type 5 in kuery'],
    ['language = "kuery"', 'language = "esql"', 'a rule of type query in esql'],
    ['language = "kuery"', 'language = "lucene"', 'a rule of type query in lucene'],
  ])('%s, %s: the error names the type', (from, to, message) => {
    const read = readRuleFile(elastic.replace(from, to), 'r.toml');
    expect(read).toEqual({
      ok: false,
      messages: [`${message} can't be evaluated: csrwatch supports type query in language kuery`],
    });
  });

  test.each([
    ['risk_score = 47', 'risk_score = 200', 'rule.risk_score: 200 is not a number from 0 to 100'],
    ['risk_score = 47', 'risk_score = "x"', 'rule.risk_score: "x" is not a number from 0 to 100'],
    [
      'severity = "medium"',
      'severity = "bad"',
      'rule.severity: "bad" is not one of low, medium, high, critical',
    ],
    ['name = "Kubernetes', 'title = "Kubernetes', 'rule.name is missing'],
    ['tags = [', 'tags = [1,', 'rule.tags must be a list of texts'],
    ['setup = "Turn audit logging on."', 'setup = 1', 'rule.setup must be a text'],
    [
      '[metadata]',
      '[csrwatch]\nrunbok = "x"\n[metadata]',
      'csrwatch.runbok: unknown key; the table has id, runbook, applies_to, examples',
    ],
  ])('%s, written as %s: the error names the key', (from, to, message) => {
    expect(readRuleFile(elastic.replace(from, to), 'r.toml')).toEqual({
      ok: false,
      messages: [message],
    });
  });

  test.each([
    [['logs-kubernetes.audit_logs-*'], 0],
    [['logs-kubernetes.audit_logs-prod'], 0],
    [['logs-*', 'filebeat-*'], 0],
    [['*:logs-kubernetes.audit_logs-*'], 0],
    [['*'], 0],
    [['logs-aws.cloudtrail-*'], 1],
    [['auditbeat-*', 'logs-endpoint.events.*'], 1],
    [['logs-kubernetes.container_logs-*'], 1],
    [['-logs-kubernetes.*'], 1],
    [['logs'], 1],
    ['logs-aws*', 1],
    ['logs-kubernetes*', 0],
  ])('with the index %j: %i warnings', (index, warnings) => {
    const text = elastic.replace('["logs-kubernetes.*"]', JSON.stringify(index));
    const read = readRuleFile(text, 'r.toml');
    expect(read.ok && read.warnings.length).toBe(warnings);
  });

  test('filters outside the query: a warning', () => {
    const read = readRuleFile(`${elastic}\n[[rule.filters]]\nquery = {match_all = {}}\n`, 'r.toml');
    expect(read.ok && read.warnings).toEqual([
      'rule.filters is not evaluated, so the rule may match more than in Elastic: add the filters to the query',
    ]);
  });
});

describe('a rule for another dataset', () => {
  test('a warning at the condition that is never true', () => {
    const query = 'user.name:x and data_stream.dataset:"aws.cloudtrail"';
    const info = { id: 'r', name: 'R', severity: 'low', riskScore: 21 } as const;
    const compiled = compileRules(
      [{ info, query, exceptions: [], file: 'r.toml' }],
      auditSchema(csrwatchFields),
    );
    expect(compiled.ok && compiled.warnings).toMatchObject([
      {
        file: 'r.toml',
        column: 37,
        message: 'nothing can match: data_stream.dataset is always "kubernetes.audit_logs" here',
      },
    ]);
  });
});

const event = (username: string): AuditRecord => ({
  event: {
    verb: 'create',
    user: { username },
    objectRef: { resource: 'certificatesigningrequests' },
    annotations: { 'authorization.k8s.io/decision': 'allow' },
    requestObject: { spec: { signerName: 'kubernetes.io/kube-apiserver-client-kubelet' } },
  },
  format: 'json',
  cluster: null,
  place: { origin: { kind: 'file', path: 'test' } },
});

const exception = (more = '') => `[[exceptions]]
name = "ours"
reason = "We know."
rules = ["${base}"]
query = "user.name:ours"
${more}`;

describe('exceptions', () => {
  const matching = (exceptions: readonly unknown[], username: string) => {
    const logGroups = [{ name: '/aws/eks/prod/cluster' }];
    const { definitions } = deployedRules(parseConfig({ logGroups, exceptions }, 'test'));
    const compiled = compileRules(definitions, auditSchema(csrwatchFields));
    if (!compiled.ok) throw new Error('it compiles');
    return compiled.ruleSet.match(event(username)).map(({ info }) => info.id);
  };

  test('are off until the configuration names them', () => {
    expect(matching([], 'system:bootstrap:abcdef')).toContain(base);
    expect(matching(['kubelet-bootstrap'], 'system:bootstrap:abcdef')).not.toContain(base);
    expect(matching(['kubelet-bootstrap'], 'mallory')).toContain(base);
  });

  test('are taken from the configuration itself', () => {
    const ours = { name: 'ours', reason: 'We know.', rules: [base], query: 'user.name:ours' };
    expect(matching([ours], 'ours')).not.toContain(base);
    expect(matching([ours], 'theirs')).toContain(base);
  });

  test('can be in a file next to the rules', () => {
    const path = folder();
    writeFileSync(join(path, 'exec.toml'), elastic);
    const rules = '["14de811c-d60f-11ec-9fd7-f661ea17fbce"]';
    writeFileSync(join(path, 'exceptions.toml'), exception().replace(`["${base}"]`, rules));
    const loaded = loadRules([path]);
    expect(loaded.ok && loaded.rules.map(({ definition }) => definition.exceptions)).toMatchObject([
      [{ name: 'ours', file: 'exceptions.toml' }],
    ]);
  });

  const refused = (item: unknown) => () => matching([item], 'x');
  const own = { name: 'ours', reason: 'We know.', rules: [base], query: 'user.name:ours' };
  test.each<[string, unknown, RegExp]>([
    [
      'no predefined exception',
      'cert-manger',
      /^exceptions: cert-manger is not a predefined exception; they are aks, cert-manager, gke, kubelet-bootstrap, open-cluster-management, openshift, ovn-kubernetes$/,
    ],
    [
      'no rule of that name',
      { ...own, rules: ['nope'] },
      /^exceptions, exception ours: no rule is named nope; the rules are .*kubernetes-csr/,
    ],
    [
      'no KQL',
      { ...own, query: 'user.name:(x' },
      /^exceptions, exception ours: query line 1, column 13: expected "and", "or" or "\)"/,
    ],
    [
      'everything',
      { ...own, query: '*:*' },
      /^exceptions, exception ours: query line 1, column 1: this matches every event, so the rules of the exception would never match/,
    ],
    ['no reason', { ...own, reason: '' }, /^test: exceptions\[0\]/],
  ])('with %s: an error', (_, item, message) => {
    expect(refused(item)).toThrow(message);
  });

  test.each([
    [
      exception().replace('reason = "We know."', ''),
      'exceptions[0].reason is missing: state why no alert is needed',
    ],
    [exception().replace('query', 'qury'), 'exceptions[0].query, the condition in KQL, is missing'],
    [
      exception('until = "2027"'),
      'exceptions[0].until: unknown key; an exception has name, reason, rules, query and examples',
    ],
    [`${exception()}[rule]\n`, 'rule: a file of exceptions may only contain [[exceptions]]'],
    [
      exception('[[exceptions.examples]]\nname = "x"\nmatches = true'),
      'exceptions[0].examples[0].event must be an audit event, as a table or as JSON text',
    ],
  ])('a file with an error: the message names the key', (text, message) => {
    const toml = parseToml(text);
    const read = readExceptions(toml.ok ? toml.document : {}, 'e.toml');
    expect(!read.ok && read.messages).toContain(message);
  });

  test('two with one name: an error', () => {
    const path = folder();
    writeFileSync(join(path, 'exec.toml'), elastic);
    const text = exception().replace(base, '14de811c-d60f-11ec-9fd7-f661ea17fbce');
    writeFileSync(join(path, 'exceptions.toml'), `${text}\n${text}`);
    expect(loadRules([path])).toMatchObject({
      ok: false,
      errors: [{ file: 'exceptions.toml', message: 'another exception has the name ours' }],
    });
  });
});

test('a rule that can never match adds no literal', () => {
  const rule = (query: string) => ({
    info: { id: query, name: 'R', severity: 'low', riskScore: 21 } as const,
    query,
    exceptions: [],
    file: 'r.toml',
  });
  const sets = [['data_stream.dataset:aws.cloudtrail'], ['event.module:aws', 'user.name:alice']];
  const derived = sets.map((queries) => {
    const compiled = compileRules(queries.map(rule), auditSchema(csrwatchFields));
    return compiled.ok && [compiled.ruleSet.literals, compiled.ruleSet.filter.pattern];
  });
  expect(derived).toEqual([
    [[], ''],
    [['alice'], '?"alice" ?"AUDIT: id="'],
  ]);
});

test('a rule file whose text contains an exception is a rule file', () => {
  const path = folder();
  writeFileSync(
    join(path, 'exec.toml'),
    elastic.replace('"Ask them."', "'''\n[[exceptions]]\nname = 1\n'''"),
  );
  expect(loadRules([path])).toMatchObject({ ok: true, exceptions: [] });
});

test('a byte order mark at the start of a rule file is ignored', () => {
  const path = folder();
  writeFileSync(join(path, 'exec.toml'), `\ufeff${elastic}`);
  expect(loadRules([path])).toMatchObject({ ok: true });
});

test('one run reports all errors of all files', () => {
  const path = folder();
  writeFileSync(join(path, 'a.toml'), '[rule');
  writeFileSync(join(path, 'b.toml'), elastic.replace(/'''[^']*'''/, "'source.ip:x and @timestamp:y'"));
  writeFileSync(join(path, 'c.toml'), elastic.replace('type = "query"', 'type = "eql"'));
  const logGroups = [{ name: '/aws/eks/prod/cluster' }];
  const rules = '["of a rule that can not be read"]';
  const wrong = exception().replace('user.name:ours', 'user.name:(ours').replace(`["${base}"]`, rules);
  writeFileSync(join(path, 'd.toml'), `${wrong}\n${wrong}`);
  const error = () => deployedRules(parseConfig({ logGroups, rules: [path] }, 'test'));
  for (const message of [
    /^d\.toml, exception ours: query line 1, column 16: expected/m,
    /^d\.toml: another exception has the name ours/m,
    /^a\.toml:1:/m,
    /^b\.toml: query line 1, column 11: /m,
    /^b\.toml: query line 1, column 28: /m,
    /^c\.toml: a rule of type eql/m,
  ]) {
    expect(error).toThrow(message);
  }
});

describe('many rules at once', () => {
  test('match what each matches by itself', () => {
    const queries = [
      'user.name:alice',
      'kubernetes.audit.verb:create',
      'kubernetes.audit.verb:(create or get)',
      'kubernetes.audit.verb:cre* and user.name:alice',
      'not kubernetes.audit.verb:create',
      'kubernetes.audit.verb:create and kubernetes.audit.objectRef.resource:pods',
      'kubernetes.audit.objectRef.resource:certificatesigningrequests',
      'related.user:(alice or u-1)',
      'kubernetes.audit.verb >= "create"',
    ];
    const schema = auditSchema(csrwatchFields);
    const definitions = queries.map((query, index) => ({
      info: { id: `r${index}`, name: 'R', severity: 'low', riskScore: 21 } as const,
      query,
      exceptions: [],
      file: 'r.toml',
    }));
    const together = compileRules(definitions, schema);
    const alone = definitions.map((definition) => compileRules([definition], schema));
    const verbs = ['create', 'get', '', undefined, 7, ['create', 'get'], ['get', 'list']];
    for (const verb of verbs) {
      for (const username of ['alice', 'bob', undefined]) {
        for (const resource of ['certificatesigningrequests', 'pods', undefined]) {
          const record: AuditRecord = {
            ...event('x'),
            event: { verb, user: { username, uid: 'u-1' }, objectRef: { resource } },
          };
          const expected = alone.flatMap((one) => (one.ok ? one.ruleSet.match(record) : []));
          expect(together.ok && together.ruleSet.match(record).map(({ info }) => info.id)).toEqual(
            expected.map(({ info }) => info.id),
          );
        }
      }
    }
  });
});
