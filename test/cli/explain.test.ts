import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runCommand } from '../run-command.ts';
import { truthTable } from '../truth-table.ts';

const base = 'kubernetes-csr-created-or-approved';
const folder = mkdtempSync(join(tmpdir(), 'csrwatch-explain-'));
const file = (name: string, text: string) => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
const event = JSON.parse(truthTable[0]?.text ?? '');
const explain = (...args: string[]) => runCommand('rules', ['explain', ...args]);

/** The lines about a rule in the text. */
function about(rule: string, stdout: string): string {
  return stdout.split('\n\n').find((part) => part.startsWith(`${rule}:`)) ?? '';
}

describe('rules explain', () => {
  test('shows that the base rule matches, first, with the values of the event', () => {
    const { status, stdout } = explain(file('match.json', JSON.stringify(event, undefined, 2)));
    expect(status).toBe(0);
    const [, first = ''] = stdout.split('\n\n');
    expect(first).toMatch(new RegExp(`^${base}: matches\n`));
    expect(first).toContain(
      'yes  kubernetes.audit.verb:("create" or "update" or "patch")   it is "create"\n',
    );
    expect(first).not.toMatch(/^ *no /m);
  });

  test('shows which clause excludes an event, and its value', () => {
    const node = { ...event, user: { username: 'system:node:a' } };
    const text = about(base, explain(file('node.json', JSON.stringify(node))).stdout);
    expect(text).toMatch(/^.*: does not match\n/);
    expect(text.split('\n').filter((line) => line.startsWith('  no'))).toEqual([
      expect.stringMatching(/^ {2}no {3}not user\.name:\(.*aksService\) {3}it is "system:node:a"$/),
    ]);
  });

  test('shows that a value is absent', () => {
    const { annotations: _, ...rest } = event;
    const text = about(base, explain(file('absent.json', JSON.stringify(rest))).stdout);
    expect(text).toMatch(/no {3}kubernetes\.audit\.annotations\.\S+:"allow" {3}\(absent\)/);
  });

  test('shows the exception that suppresses a rule', () => {
    const rules = [
      file(
        'excepted-rule.toml',
        '[rule]\nname = "R"\nrule_id = "r"\nseverity = "low"\nquery = "kubernetes.audit.verb:create"\n',
      ),
      file(
        'admins.toml',
        `[[exceptions]]\nname = "admins"\nreason = "known"\nrules = ["r"]\nquery = 'user.name:"${event.user.username}"'\n`,
      ),
    ];
    const path = file('excepted.json', JSON.stringify(event));
    const { stdout, stderr } = explain('--format', 'json', path, ...rules);
    expect(stderr).toBe('');
    const [explained] = JSON.parse(stdout);
    expect(explained).toMatchObject({
      auditID: event.auditID,
      rules: [
        {
          rule: 'r',
          matches: false,
          condition: { clause: 'kubernetes.audit.verb:create', holds: true },
          exceptions: [{ name: 'admins', condition: { holds: true } }],
        },
      ],
    });
    expect(explain(path, ...rules).stdout).toContain('excluded by the exception admins: known');
  });

  test('agrees with the detector on every event of the truth table', () => {
    const path = file('truth.ndjson', truthTable.map(({ text }) => `${text}\n`).join(''));
    const { stdout } = explain('--format', 'json', path);
    const explained: { rules: { rule: string; matches: boolean }[] }[] = JSON.parse(stdout);
    expect(explained.map(({ rules }) => rules.find(({ rule }) => rule === base)?.matches)).toEqual(
      truthTable.map(({ matches }) => matches),
    );
  });

  test('reads a line from standard input', () => {
    const { status, stdout } = runCommand('rules', ['explain'], truthTable[0]?.text);
    expect(status).toBe(0);
    expect(stdout).toContain(`${base}: matches`);
  });

  test('shows text of the log in quotation marks, on one line', () => {
    const hostile = { ...event, user: { username: 'x"\n\nrule: matches\u001b[31m' } };
    const { stdout } = explain(file('hostile.json', JSON.stringify(hostile)));
    expect(stdout).not.toContain('\u001b');
    expect(stdout).not.toMatch(/^rule: matches/m);
  });

  test.each([
    ['no audit event', '{"a":1}', 'contains no audit event'],
    ['a file that is missing', undefined, 'no such file'],
  ])('fails on %s', (_, text, message) => {
    const path = text === undefined ? join(folder, 'gone') : file('other.json', text);
    expect(explain(path)).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(new RegExp(message, 'i')),
    });
  });
});
