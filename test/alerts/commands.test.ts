import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { auditSchema } from '../../lambda/audit/fields.ts';
import { csrwatchFields } from '../../lambda/findings/csrwatch-fields.ts';
import type { Actor, Finding } from '../../lambda/findings/finding.ts';
import { compile } from '../../lambda/kql/compile.ts';
import { filled } from '../../lambda/response/placeholders.ts';
import { stepsFor } from '../../lambda/response/response-steps.ts';
import { laterUse } from '../../lambda/response/searches.ts';
import { recordingPath } from '../recordings.ts';
import { runScan } from '../run-command.ts';
import { certificate, finding, logStream, object, outcomes, phases } from './samples.ts';

const commandsOf = (one: Finding) => stepsFor(one).flatMap(({ commands = [] }) => commands);
const unknownUser: Actor = { name: null, groups: [], extra: {}, sourceIPs: [] };
const isInsights = (command: string) => command.startsWith('filter ');

const cases = phases.flatMap((phase) =>
  outcomes.flatMap((outcome) =>
    [logStream, object].flatMap((origin) =>
      ['delete', 'deletecollection'].map((verb) => ({ phase, outcome, verb, place: { origin } })),
    ),
  ),
);

describe('every command of every alert', () => {
  test('is valid shell syntax', async () => {
    const all = (await Promise.all(cases.map((changes) => finding(changes)))).flatMap(commandsOf);
    const shell = [...new Set(all.filter((command) => !isInsights(command)))];
    expect(shell.length).toBeGreaterThan(8);
    const { status, stderr } = spawnSync('bash', ['-n'], { input: shell.join('\n'), encoding: 'utf8' });
    expect(stderr).toBe('');
    expect(status).toBe(0);
    for (const command of shell) expect(command).toMatch(/^(kubectl|npx csrwatch scan) /);
  });

  test('contains only KQL that compiles without a warning', async () => {
    const issued = { certificate };
    const all = (await Promise.all(cases.map((changes) => finding({ ...changes, ...issued })))).flatMap(
      commandsOf,
    );
    const queries = [...new Set(all.flatMap((command) => /--query '([^']*)'/.exec(command)?.[1] ?? []))];
    expect(queries.length).toBeGreaterThan(3);
    for (const query of queries) {
      expect(compile(query, auditSchema(csrwatchFields)), query).toMatchObject({ ok: true, warnings: [] });
    }
  });

  test.each([
    'a b',
    'a$b',
    'a`b',
    "a'b",
    'a"b',
    'a;b',
    'a|b',
    'a&b',
    'a>b',
    'a*b',
    'a\\b',
    'a(b',
    'a\nb',
    '-a',
    '~a',
    '',
    'x'.repeat(300),
  ])('never contains the user name or group %j', async (name) => {
    for (const changes of cases) {
      const named = await finding(
        { ...changes, actor: { ...unknownUser, name, groups: [name] } },
        { requester: name },
      );
      const unnamed = await finding({ ...changes, actor: unknownUser }, { requester: '' });
      expect(commandsOf(named)).toEqual(commandsOf(unnamed));
    }
  });

  test.each([
    'carol@example.com',
    'https://issuer.example#1234',
    'arn:aws:sts::111122223333:assumed-role/Admin/alice',
    'system:node:ip-10-0-1-2',
  ])('contains the user name %j', async (name) => {
    const one = await finding({ actor: { name, groups: [], extra: {}, sourceIPs: [] } });
    expect(commandsOf(one)).toContain(`kubectl auth can-i --list --as=${name}`);
  });
});

describe("a placeholder of a rule's runbook", () => {
  const account: Actor = {
    name: 'system:serviceaccount:payments:checkout',
    groups: [],
    extra: {},
    sourceIPs: [],
  };
  const node: Actor = { ...account, name: 'system:node:ip-10-0-1-2' };

  test.each<[string, Partial<Finding>, string]>([
    ['CSR-NAME', {}, 'bob-laptop'],
    ['"CSR-NAME"', {}, '"bob-laptop"'],
    ['X-CSR-NAMES', {}, 'X-CSR-NAMES'],
    ['CSR-NAME', { resource: 'pods' }, 'CSR-NAME'],
    ['OBJECT-NAME', { resource: 'pods' }, 'bob-laptop'],
    ['OBJECT-NAMESPACE', { event: { objectRef: { namespace: 'shop' } } }, 'shop'],
    ['USER-NAME', { actor: account }, 'system:serviceaccount:payments:checkout'],
    ['ACCOUNT-NAMESPACE/ACCOUNT-NAME', { actor: account }, 'payments/checkout'],
    ['ACCOUNT-NAME', { actor: node }, 'ACCOUNT-NAME'],
    ['NODE-NAME', { actor: node }, 'ip-10-0-1-2'],
    ['NODE-NAME', { actor: account }, 'NODE-NAME'],
    ['FINGERPRINT', { certificate }, 'ab'.repeat(32)],
    ['FINGERPRINT', { certificate: { ...certificate, sha256: '$(reboot)' } }, 'FINGERPRINT'],
    ['CLUSTER-NAME', {}, 'prod'],
    ['CLUSTER-NAME', { cluster: 'a b' }, 'CLUSTER-NAME'],
    ['SUBJECT-CN', {}, 'bob'],
    ['REQUESTER-NAME', {}, 'kubernetes-admin'],
  ])('%s of %j is %s', async (command, changes, text) => {
    expect(filled(command, await finding(changes))).toBe(text);
  });

  test('is not replaced in the value of another placeholder', async () => {
    const one = await finding({ cluster: 'CSR-NAME' });
    expect(filled('CLUSTER-NAME CSR-NAME', one)).toBe('CSR-NAME bob-laptop');
  });

  test('is replaced in the steps of the rule', async () => {
    const runbook = '1. Look at it.\n       kubectl describe csr CSR-NAME\n2. Ask NODE-NAME\n   whose it is.';
    const one = await finding({ rule: { ...(await finding()).rule, runbook } });
    const steps = stepsFor(one);
    expect(steps).toContainEqual({ say: 'Look at it.', commands: ['kubectl describe csr bob-laptop'] });
    expect(steps).toContainEqual({ say: 'Ask NODE-NAME whose it is.' });
    const other = { ...one, id: 'x' };
    expect(stepsFor(await finding(), [other])).toEqual(steps);
  });
});

test('the search for later use of a certificate finds exactly the logins of a recording', async () => {
  const sha256 = '8ef7b2bf21614a0e7c9b4e01d1842ce922a81678ff43de9ff1c9682189d65b35';
  const scan = filled(laterUse.scan, await finding({ certificate: { ...certificate, sha256 } }));
  const [, query = ''] = /--query '(.*)' FILE$/.exec(scan) ?? [];
  const { stdout } = runScan(['--format', 'json', '--query', query, recordingPath('selfmanaged.ndjson.gz')]);
  const users = JSON.parse(stdout).findings.map(({ actor }: Finding) => actor.name);
  expect(users.length).toBeGreaterThan(0);
  expect(new Set(users)).toEqual(new Set(['bob']));
});
