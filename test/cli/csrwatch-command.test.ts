import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { packageFile, packageVersion } from '../../lambda/rules/package-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'csrwatch-command-'));
const emptyLog = '{"kind":"EventList","apiVersion":"audit.k8s.io/v1","items":[]}\n';
beforeAll(() => writeFileSync(join(folder, 'own.log'), emptyLog));
afterAll(() => rmSync(folder, { recursive: true }));

const checkout = packageFile('.');
const script = packageFile('cli/csrwatch.js');

interface Call {
  readonly cwd?: string;
  readonly input?: string;
}

function run(file: string, args: readonly string[], { cwd = folder, input = '' }: Call = {}) {
  // npm gives these to what it runs, and this test may be run by npm
  const { INIT_CWD, npm_package_json, ...env } = process.env;
  const { status, stdout, stderr } = spawnSync(file, args, { cwd, input, env, encoding: 'utf8' });
  return { status, stdout, stderr };
}
const csrwatch = (...args: readonly string[]) => run(process.execPath, [script, ...args]);

const commands = [...csrwatch('--help').stdout.matchAll(/^ {2}([a-z]+) {2,}/gm)].map(([, name = '']) => name);

test('csrwatch --help lists the commands', () => {
  expect(commands).toEqual(
    expect.arrayContaining(['scan', 'rules', 'local', 'canary', 'backfill', 'redrive']),
  );
});

test.each(['', ...commands])(
  'csrwatch %s --help fits on a screen of 100 columns and 50 lines, with examples',
  (name) => {
    const { status, stdout, stderr } = csrwatch(...(name === '' ? [] : [name]), '--help');
    const lines = stdout.trimEnd().split('\n');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(/^Usage: csrwatch /);
    expect(stdout).toMatch(/^Examples:\n {2}\S/m);
    expect(lines.length).toBeLessThanOrEqual(50);
    expect(lines.filter((line) => line.length > 100)).toEqual([]);
  },
);

test('csrwatch --version states the version of the package', () => {
  expect(csrwatch('--version')).toEqual({ status: 0, stdout: `csrwatch ${packageVersion()}\n`, stderr: '' });
});

test('an unknown command, and none, are usage errors', () => {
  expect(csrwatch('scna')).toMatchObject({
    status: 2,
    stdout: '',
    stderr: expect.stringContaining('no command scna'),
  });
  expect(csrwatch()).toMatchObject({ status: 2, stdout: expect.stringContaining('Usage: csrwatch') });
});

test.each(['20.19.0', '22.14.0'])('Node %s is refused in one sentence', (version) => {
  const older = join(folder, `node-${version}.cjs`);
  const versions = `{ ...process.versions, node: ${JSON.stringify(version)} }`;
  writeFileSync(older, `Object.defineProperty(process, 'versions', { value: ${versions} });`);
  expect(run(process.execPath, ['--require', older, script, 'scan'])).toEqual({
    status: 2,
    stdout: '',
    stderr: `csrwatch needs Node 22.15 or later; this is Node ${version}.\n`,
  });
});

describe('a path is relative to where the user stands', () => {
  test('with npm --prefix', () => {
    const args = ['--prefix', checkout, 'run', '--silent', 'scan', '--', 'own.log', 'missing.log'];
    const { status, stderr } = run('npm', args);
    expect(stderr).toContain('missing.log: there is no such file');
    expect(stderr).not.toContain('own.log');
    expect(status).toBe(2);
  });

  test('in a folder of the checkout', () => {
    const { status, stdout } = run('npx', ['csrwatch', 'scan', 'eks.ndjson.gz'], {
      cwd: packageFile('samples'),
    });
    expect(stdout).not.toBe('');
    expect(status).toBe(1);
  });
});

describe('700 files with very long names', () => {
  const many = join(folder, 'many');
  const files = Array.from({ length: 700 }, (_, index) =>
    join(many, `exported-audit-log-of-cluster-${'x'.repeat(180)}-${index}.log`),
  );
  beforeAll(() => {
    mkdirSync(many);
    for (const file of files) writeFileSync(file, emptyLog);
  });

  test('are scanned if the command is called without npx', () => {
    expect(csrwatch('scan', ...files)).toMatchObject({
      status: 0,
      stderr: expect.stringContaining('0 findings'),
    });
  });

  test('are scanned with npx as a list, a folder or a quoted pattern', () => {
    for (const [args, input] of [
      [['--files-from', '-'], files.join('\n')],
      [[many], ''],
      [[join(many, '*.log')], ''],
    ] as const) {
      const { status, stderr } = run('npx', ['csrwatch', 'scan', ...args], { cwd: checkout, input });
      expect({ args, status, stderr }).toMatchObject({
        status: 0,
        stderr: expect.stringContaining('0 findings'),
      });
    }
  });

  test('end npx with a status that does not mean "nothing found", as the help states', () => {
    const { status } = run('npx', ['csrwatch', 'scan', ...files], { cwd: checkout });
    expect(status).toBe(249);
    expect(csrwatch('scan', '--help').stdout).toContain('249');
  });
});
