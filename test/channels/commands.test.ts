import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { auditSchema } from '../../lambda/audit/fields.ts';
import { laterUseOfCertificate } from '../../lambda/channels/commands.ts';
import { stepsFor } from '../../lambda/channels/steps.ts';
import type { Actor, Finding } from '../../lambda/findings/finding.ts';
import { csrwatchFields } from '../../lambda/findings/own-fields.ts';
import { compile } from '../../lambda/kql/compile.ts';
import { recordingPath } from '../recordings.ts';
import { runScan } from '../run-command.ts';
import { certificate, finding, logStream, object, outcomes, phases } from './samples.ts';

const commandsOf = (one: Finding) => stepsFor(one).flatMap(({ commands = [] }) => commands);
const nobody: Actor = { name: null, groups: [], extra: {}, sourceIPs: [] };
const isInsights = (command: string) => command.startsWith('filter ');

const cases = phases.flatMap((phase) =>
  outcomes.flatMap((outcome) =>
    [logStream, object].flatMap((origin) =>
      ['delete', 'deletecollection'].map((verb) => ({ phase, outcome, verb, place: { origin } })),
    ),
  ),
);

describe('every command of every page', () => {
  test('is one that a shell can read', async () => {
    const all = (await Promise.all(cases.map((changes) => finding(changes)))).flatMap(commandsOf);
    const shell = [...new Set(all.filter((command) => !isInsights(command)))];
    expect(shell.length).toBeGreaterThan(8);
    const { status, stderr } = spawnSync('bash', ['-n'], { input: shell.join('\n'), encoding: 'utf8' });
    expect(stderr).toBe('');
    expect(status).toBe(0);
    for (const command of shell) expect(command).toMatch(/^(kubectl|npm run -s scan --) /);
  });

  test('asks in KQL that compiles without a warning', async () => {
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
  ])('never holds the user name or group %j', async (name) => {
    for (const changes of cases) {
      const named = await finding(
        { ...changes, actor: { ...nobody, name, groups: [name] } },
        { requester: name },
      );
      const unnamed = await finding({ ...changes, actor: nobody }, { requester: '' });
      expect(commandsOf(named)).toEqual(commandsOf(unnamed));
    }
  });

  test.each([
    'carol@example.com',
    'https://issuer.example#1234',
    'arn:aws:sts::111122223333:assumed-role/Admin/alice',
    'system:node:ip-10-0-1-2',
  ])('holds the user name %j', async (name) => {
    const one = await finding({ actor: { name, groups: [], extra: {}, sourceIPs: [] } });
    expect(commandsOf(one)).toContain(`kubectl auth can-i --list --as=${name}`);
  });
});

test('the search for the use of a certificate finds the logins of a recording, and nothing else', () => {
  const { scan } = laterUseOfCertificate('8ef7b2bf21614a0e7c9b4e01d1842ce922a81678ff43de9ff1c9682189d65b35');
  const [, query = ''] = /--query '(.*)' FILE$/.exec(scan) ?? [];
  const { stdout } = runScan(['--format', 'json', '--query', query, recordingPath('selfmanaged.ndjson.gz')]);
  const users = JSON.parse(stdout).findings.map(({ actor }: Finding) => actor.name);
  expect(users.length).toBeGreaterThan(0);
  expect(new Set(users)).toEqual(new Set(['bob']));
});
