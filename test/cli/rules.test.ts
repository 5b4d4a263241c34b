import { copyFileSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runCommand } from '../run-command.ts';

const folder = mkdtempSync(join(tmpdir(), 'csrwatch-rules-'));
const rule = (changes: Record<string, string> = {}, more = '') => {
  const fields = { name: '"R"', rule_id: '"r"', severity: '"low"', query: '"user.name:x"', ...changes };
  const lines = Object.entries(fields).map(([name, value]) => `${name} = ${value}`);
  return `[rule]\n${lines.join('\n')}\n${more}`;
};
const file = (name: string, text: string) => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
const run = (...args: string[]) => runCommand('rules', args);

describe('rules check', () => {
  test('reports every error of every file, with its place', () => {
    const { status, stdout } = run(
      'check',
      file('syntax.toml', rule({ query: "'''a:1\nand b:(c'''" })),
      file('toml.toml', '[rule\n'),
      file('eql.toml', rule({ type: '"eql"', language: '"eql"' })),
      file('good.toml', rule({ rule_id: '"good"' })),
    );
    expect(status).toBe(2);
    expect(stdout).toContain(
      'syntax.toml: query line 2, column 9: expected "and", "or" or ")", found the end of the query\n    and b:(c\n',
    );
    expect(stdout).toMatch(/^toml\.toml:1:\d+: /m);
    expect(stdout).toContain("eql.toml: a rule of type eql in eql can't be evaluated");
    expect(stdout).toContain('good.toml: good compiles\n');
  });

  test('prints the same for programs, with warnings', () => {
    const { status, stdout } = run(
      'check',
      '--format',
      'json',
      file('warned.toml', rule({ query: '"not.known:x"' })),
    );
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toEqual([
      {
        file: join(folder, 'warned.toml'),
        ok: true,
        warnings: [{ message: 'the field not.known is not in the field table', line: 1, column: 1 }],
      },
    ]);
  });

  test('--strict makes a warning an error', () => {
    const path = file('strict.toml', rule({ query: '"user.nmae:x"' }));
    expect(run('check', path)).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('\nwarning: strict.toml: query line 1, column 1: the field user.nmae'),
    });
    expect(run('check', '--strict', path)).toMatchObject({
      status: 2,
      stdout: expect.stringMatching(/^strict\.toml: query line 1, column 1: the field user\.nmae/),
    });
    expect(JSON.parse(run('check', '--strict', '--format', 'json', path).stdout)).toMatchObject([
      {
        ok: false,
        error: { message: expect.stringContaining('did you mean user.name?'), line: 1, column: 1 },
      },
    ]);
  });

  test('accepts the built-in rules', () => {
    expect(run('check')).toMatchObject({ status: 0, stderr: '' });
  });
});

describe('rules test', () => {
  test('passes the examples of the built-in rules', () => {
    const { status, stdout } = run('test');
    expect(status).toBe(0);
    expect(stdout).toMatch(/^\d+ examples hold$/m);
  });

  test('names an example that fails', () => {
    const example =
      '[[csrwatch.examples]]\nname = "by y"\nmatches = true\nevent = { user = { username = "y" } }\n';
    const { status, stdout } = run('test', file('failing.toml', rule({}, example)));
    expect(status).toBe(1);
    expect(stdout).toContain('failing.toml: "by y" is not matched\n');
  });
});

describe('exceptions', () => {
  const exceptions = (query: string, example = '') =>
    file(
      'exceptions.toml',
      `[[exceptions]]\nname = "ours"\nreason = "We know."\nrules = ["r"]\nquery = '${query}'\n${example}`,
    );
  const example =
    '[[exceptions.examples]]\nname = "by us"\nmatches = true\nevent = { verb = "get", user = { username = "us" } }\n';

  test('are checked with their rules', () => {
    const { status, stdout } = run('check', file('r.toml', rule()), exceptions('user.name:(us'));
    expect(status).toBe(2);
    expect(stdout).toContain(
      'exceptions.toml, exception ours: query line 1, column 14: expected "and", "or" or ")"',
    );
    expect(run('check', exceptions('user.name:us')).stdout).toContain(
      'ours: no rule is named r; the rules are ',
    );
  });

  test('have warnings, and unique names, as rules do', () => {
    const second = join(folder, 'second.toml');
    const paths = [file('r.toml', rule()), exceptions('user.nmae:us')];
    copyFileSync(paths[1] ?? '', second);
    const { status, stdout } = run('check', '--format', 'json', ...paths, second);
    expect(status).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject([
      { file: join(folder, 'r.toml'), ok: true },
      {
        file: join(folder, 'exceptions.toml'),
        ok: true,
        warnings: [{ message: 'the field user.nmae is not in the field table; did you mean user.name?' }],
      },
      { file: second, ok: false, error: { message: 'another exception has the name ours' } },
    ]);
  });

  test('are tested against what their rules match', () => {
    const idle = run('test', file('r.toml', rule()), exceptions('user.name:us', example));
    expect(idle.status).toBe(1);
    expect(idle.stdout).toContain(
      'exception ours: "by us" is not matched by any of its rules, so it proves nothing\n',
    );
    const ruleOfUs = rule({ query: '"kubernetes.audit.verb:get"' });
    const own = '[[csrwatch.examples]]\nname = "x"\nmatches = true\nevent = { verb = "get" }\n';
    const used = run('test', file('r.toml', `${ruleOfUs}${own}`), exceptions('user.name:us', example));
    expect(used).toMatchObject({ status: 0, stdout: '2 examples hold\n' });
  });

  test('are listed, and shown with their rule', () => {
    const paths = [file('r.toml', rule()), exceptions('user.name:us')];
    expect(run('list', ...paths).stdout).toContain('ours  We know.\n');
    expect(run('show', 'r', ...paths).stdout).toContain(
      'but not (ours: We know.) when\n\n    user.name:us\n',
    );
    expect(run('show', 'cert-manager').stdout).toContain('    user.name:"system:serviceaccount:cert-manager');
  });
});

describe('rules show', () => {
  test('explains what is derived in words', () => {
    const { stdout } = run('show', 'kubernetes-csr-created-or-approved');
    expect(stdout).toContain('A record is parsed only if it contains "certificatesigningrequests", or');
    expect(stdout).toMatch(
      /^CloudWatch Logs delivers only log events .*\n\n {4}\?"certificatesigningrequests" /m,
    );
  });

  test.each([
    ['a literal inside a word', 'user.name:*mallory*', 'match this regular expression\n\n    %mallory|'],
    [
      'no literal',
      'not user.name:x',
      'every log event: no string is certain to be in every event that r can match',
    ],
  ])('explains the filter of a rule with %s', (_, query, text) => {
    expect(run('show', 'r', file('r.toml', rule({ query: `'${query}'` }))).stdout).toContain(text);
  });

  test.each([[['show', 'nope']], [['show']], [['bogus']], [['list', '--bogus']]])(
    '%j is a usage error',
    (args) => {
      expect(run(...args).status).toBe(2);
    },
  );
});
