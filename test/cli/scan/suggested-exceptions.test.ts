import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { noCoverage } from '../../../cli/report/coverage.ts';
import { emptyStats } from '../../../cli/report/scan-stats.ts';
import { suggestionReporter } from '../../../cli/scan/suggested-exceptions.ts';
import type { AuditRecord } from '../../../lambda/audit/audit-record.ts';
import { auditSchema } from '../../../lambda/audit/fields.ts';
import { createDetector } from '../../../lambda/detector.ts';
import { csrwatchFields } from '../../../lambda/findings/csrwatch-fields.ts';
import type { Finding } from '../../../lambda/findings/finding.ts';
import { withSubject } from '../../../lambda/findings/subject-fields.ts';
import { builtInRules } from '../../../lambda/rules/built-in.ts';
import { compileException, compileRules } from '../../../lambda/rules/compile-rules.ts';
import { loadRules } from '../../../lambda/rules/load-rules.ts';
import { namedCluster } from '../../../lambda/scan/cluster-name.ts';
import { scan } from '../../../lambda/scan/scan-input.ts';
import { recordingPath } from '../../recordings.ts';
import { runScan } from '../../run-command.ts';

const schema = auditSchema(csrwatchFields);
const loaded = loadRules([builtInRules]);
if (!loaded.ok) throw new Error('the rules load');
const compiled = compileRules(
  loaded.rules.map(({ definition }) => definition),
  schema,
);
if (!compiled.ok) throw new Error('the rules compile');
const detector = createDetector(compiled.ruleSet);

interface Found {
  readonly record: AuditRecord;
  readonly findings: readonly Finding[];
}

async function scanned(...texts: readonly (Buffer | string)[]): Promise<Found[]> {
  const found: Found[] = [];
  for (const text of texts)
    await scan(
      {
        origin: { kind: 'file', path: 'log' },
        cluster: namedCluster(null),
        async *open() {
          yield Buffer.from(text);
        },
      },
      {
        literals: detector.literals,
        onRecord: async (record) => {
          const findings = (await detector.evaluate(record)) ?? [];
          if (findings.length > 0) found.push({ record: await withSubject(record), findings });
        },
      },
    );
  return found;
}

/** The suggestions for some findings, each with the number of events and the rules in its comment. */
async function suggestions(found: readonly Found[]) {
  const output: string[] = [];
  const said: string[] = [];
  const reporter = suggestionReporter(
    async (text) => void output.push(text),
    (text) => void said.push(text),
  );
  for (const { findings } of found)
    for (const finding of findings) await reporter.item({ kind: 'finding', finding });
  await reporter.end(emptyStats(), noCoverage);
  const blocks = output
    .join('')
    .split('\n\n')
    .filter((block) => block !== '');
  const read = blocks.map((block) => {
    const [count = '', , rules = '', query = '', ...rest] = block.split('\n');
    expect(rest, block).toEqual([]);
    return {
      query,
      events: Number(/^# (\d+) event/.exec(count)?.[1]),
      rules: [...rules.matchAll(/"([^"]+)"/g)].map(([, id = '']) => id),
    };
  });
  return { read, said: said.join('') };
}

/** Compiles each suggestion and evaluates it on the log that it comes from. */
async function expectSound(found: readonly Found[]) {
  const { read } = await suggestions(found);
  for (const { query, events, rules } of read) {
    const exception = compileException({ name: 'x', reason: 'x', rules, query, file: 'x' }, schema);
    if (!exception.ok) throw new Error(`${query}: ${exception.error.message}`);
    expect(exception.warnings, query).toEqual([]);
    const matched = found.filter(({ record }) => exception.matches(record));
    expect(matched, query).toHaveLength(events);
    const suppressed = matched.flatMap(({ findings }) => findings);
    expect(
      suppressed.filter(({ severity }) => severity === 'critical'),
      query,
    ).toEqual([]);
    for (const { rule } of suppressed) expect(rules, query).toContain(rule.id);
  }
  expect(read.map(({ events }) => events)).toEqual(read.map(({ events }) => events).sort((a, b) => b - a));
  return read;
}

test.each(['selfmanaged', 'eks-attacks', 'metadata-only'] as const)(
  'each suggestion for %s compiles and matches the events it was made from, none of them critical',
  async (name) => {
    const found = await scanned(readFileSync(recordingPath(`${name}.ndjson.gz`)));
    expect((await expectSound(found)).length).toBeGreaterThan(0);
  },
);

const cases = new URL('../../fixtures/cases/', import.meta.url);

test.each(readdirSync(cases))('the same for the case %s', async (name) => {
  await expectSound(await scanned(readFileSync(new URL(name, cases))));
});

const event = (changes: object) =>
  `${JSON.stringify({
    ...{
      kind: 'Event',
      apiVersion: 'audit.k8s.io/v1',
      auditID: '1',
      stage: 'ResponseComplete',
      verb: 'create',
    },
    ...{ user: { username: 'alice' }, responseStatus: { code: 201 } },
    objectRef: { resource: 'certificatesigningrequests', name: 'x', apiGroup: 'certificates.k8s.io' },
    annotations: { 'authorization.k8s.io/decision': 'allow' },
    requestObject: { spec: { signerName: 'example.com/s' } },
    ...changes,
  })}\n`;

test.each([
  'x" or user.name:*',
  'x\\" or *:* or "',
  'a\nuser.name:* ',
  'a\r\tb\u2028c\u202ed\u{e0001}',
  '\\u0041 not and or',
  'x'.repeat(1_024),
])('a suggestion for the user %j matches only that user', async (username) => {
  const names = ['bob', username, 'A', 'x'];
  const found = await scanned(...names.map((name) => event({ user: { username: name } })));
  expect(await expectSound(found)).toHaveLength(names.length);
});

test('nothing is suggested for unauthenticated users, users without a name and names that no field has', async () => {
  const users = [
    { username: 'system:anonymous', groups: ['system:unauthenticated'] },
    { username: 'x', groups: ['system:unauthenticated'] },
    {},
    { username: 'x'.repeat(1_025) },
  ];
  const { read, said } = await suggestions(await scanned(...users.map((user) => event({ user }))));
  expect(read).toEqual([]);
  expect(said).toBe(
    '0 exceptions suggested\nnone for 4 findings of unauthenticated users or of requests whose content the log does not show\n',
  );
});

test('an activity with a critical finding gets no suggestion, even if most of its findings are not critical', async () => {
  const request = (name: string) => {
    const { requestObject } = JSON.parse(readFileSync(new URL(name, cases), 'utf8').split('\n')[0] ?? '');
    return event({ requestObject });
  };
  const benign = request('common-name-as-prose.ndjson');
  const privileged = request('ovn-node-certificate.ndjson');
  expect((await suggestions(await scanned(benign, benign))).read).toHaveLength(1);
  const { read, said } = await suggestions(await scanned(benign, benign, privileged));
  expect(read).toEqual([]);
  expect(said).toMatch(
    /^0 exceptions suggested\nnone for 1 activity with critical findings: investigate these\n/,
  );
});

test('scan states which predefined exceptions would suppress how many findings', () => {
  const openshift = new URL('openshift-node-join.ndjson', cases).pathname;
  const { stderr } = runScan([openshift]);
  expect(stderr).toContain('the exception openshift would suppress 7 findings (--except openshift)\n');
  expect(stderr).not.toContain('ovn-kubernetes');
  expect(runScan(['--except', 'openshift', openshift])).toMatchObject({ status: 0, stdout: '' });
  expect(runScan(['--except', 'openshift', openshift]).stderr).not.toContain('would suppress');
});

test('scan --suggest-exceptions prints suggestions instead of findings', () => {
  const { status, stdout, stderr } = runScan(['--suggest-exceptions'], event({}));
  expect(status).toBe(1);
  expect(stdout).toBe(
    [
      '# 1 event, without a time',
      '# user "alice", verb "create" on "certificatesigningrequests", signer "example.com/s"',
      '# rules: "kubernetes-csr-created-or-approved"',
      [
        'user.name:"alice" and not kubernetes.audit.impersonatedUser.username:*',
        'kubernetes.audit.objectRef.resource:"certificatesigningrequests" and not csrwatch.subresource:*',
        'kubernetes.audit.verb:"create" and csrwatch.signer:"example.com/s"\n\n',
      ].join(' and '),
    ].join('\n'),
  );
  expect(stderr).toContain('1 exception suggested\n');
  for (const other of [
    ['--format', 'json'],
    ['--query', 'x'],
  ])
    expect(runScan(['--suggest-exceptions', ...other], '')).toMatchObject({ status: 2, stdout: '' });
});
