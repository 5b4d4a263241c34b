import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { readFingerprint } from '../../../cli/fingerprint.ts';
import { runCommand } from '../../run-command.ts';
import { type Invoked, startDeployedFunction } from './deployed-function.ts';

const sha256 = '5e577634379ec7ba995c7579c88d786e9cd09e887de5f22b80bc508b77b7d25b';
const colons = sha256.toUpperCase().replaceAll(/(..)(?=.)/g, '$1:');

let answer: Invoked = { result: {} };
let deployed: Awaited<ReturnType<typeof startDeployedFunction>>;
beforeAll(async () => {
  deployed = await startDeployedFunction({ WatchListFunction: 'csrwatch-Objects' }, () => answer);
});
afterAll(() => deployed.stop());
beforeEach(() => void deployed.invocations.splice(0));

const follow = (...args: string[]) => deployed.follow(...args, '--stack', 'csrwatch');
const reason = ['--reason', 'found by a scan'];

describe('the function is invoked', () => {
  test('with the certificate, the reason and what is known of the certificate', async () => {
    answer = { result: { added: true } };
    const known = ['--cluster', 'prod', '--subject', 'CN=bob,O=dev', '--until', '2999-01-31'];
    const { stdout, status } = await follow('add', colons, ...reason, ...known);
    expect(deployed.invocations).toEqual([
      {
        path: '/2015-03-31/functions/csrwatch-Objects/invocations',
        payload: {
          follow: {
            formatVersion: 1,
            action: 'add',
            certificate: sha256,
            reason: 'found by a scan',
            cluster: 'prod',
            subject: 'CN=bob,O=dev',
            until: '2999-01-31T00:00:00.000Z',
          },
        },
      },
    ]);
    expect({ stdout, status }).toEqual({ stdout: 'The certificate is followed now.\n', status: 0 });
  });

  test('to remove a certificate, with the reason', async () => {
    answer = { result: { removed: true } };
    const { stdout, status } = await follow('remove', sha256, ...reason);
    expect(deployed.invocations.map(({ payload }) => payload)).toEqual([
      { follow: { formatVersion: 1, action: 'remove', certificate: sha256, reason: 'found by a scan' } },
    ]);
    expect({ stdout, status }).toEqual({ stdout: 'The certificate is no longer followed.\n', status: 0 });
  });
});

const bob = {
  certificate: sha256,
  cluster: 'prod',
  subject: 'CN=bob, O=dev',
  csrName: 'bob-2',
  requester: 'carol@example.com',
  findingId: 'f-1',
  issued: '2026-11-23T21:51:10Z',
  until: '2027-11-23T21:51:10Z',
  addedBy: 'finding',
};
const nothing = {
  cluster: null,
  subject: null,
  csrName: null,
  requester: null,
  findingId: null,
  issued: null,
};
const byHand = { ...nothing, certificate: 'ab'.repeat(32), until: null, addedBy: 'hand', reason: 'a scan' };

describe('list', () => {
  test('prints each certificate with its issuance, or who added it by hand, and the bound', async () => {
    answer = { result: { certificates: [bob, byHand], limit: 5_000 } };
    const { stdout, status } = await follow('list');
    expect(deployed.invocations.map(({ payload }) => payload)).toEqual([
      { follow: { formatVersion: 1, action: 'list' } },
    ]);
    expect(stdout.split('\n')).toEqual([
      sha256,
      '  "CN=bob, O=dev", cluster prod, until 2027-11-23T21:51:10Z',
      '  issued 2026-11-23T21:51:10Z, requested by carol@example.com, CSR bob-2, finding f-1',
      'ab'.repeat(32),
      '  added by hand: "a scan"',
      '2 certificates followed, of at most 5,000.',
      '',
    ]);
    expect(status).toBe(0);
  });

  test('states that the list is empty', async () => {
    answer = { result: { certificates: [], limit: 5_000 } };
    expect((await follow('list')).stdout).toBe('No certificates are followed.\n');
  });

  test('prints the answer as JSON', async () => {
    answer = { result: { certificates: [bob], limit: 5_000 } };
    const { stdout } = await follow('list', '--format', 'json');
    expect(JSON.parse(stdout)).toEqual({ certificates: [bob], limit: 5_000 });
  });

  test('shows control characters of a name as text', async () => {
    answer = { result: { certificates: [{ ...bob, subject: 'CN=\u001b[2Jbob' }], limit: 5_000 } };
    const { stdout } = await follow('list');
    expect(stdout).not.toContain('\u001b');
    expect(stdout).toContain('[2Jbob');
  });
});

describe('the exit status is', () => {
  test.each<[number, string, Invoked, string, string]>([
    [
      0,
      'add',
      { result: { added: false } },
      'The certificate was already followed: nothing has changed.\n',
      '',
    ],
    [
      1,
      'remove',
      { result: { removed: false } },
      'The certificate is not on the list: nothing has changed.\n',
      '',
    ],
    [1, 'add', { result: { error: 'The watch list is full.' } }, '', 'follow: The watch list is full.\n'],
    [1, 'add', { throws: 'Task timed out' }, '', 'follow: Task timed out\n'],
    [1, 'add', { result: null }, '', "follow: the function's answer cannot be read: null\n"],
  ])('%i after %s if the function answers %j', async (expected, action, answered, stdout, stderr) => {
    answer = answered;
    expect(await follow(action, sha256, ...reason)).toEqual({ status: expected, stdout, stderr });
  });

  test('1 with the error as JSON', async () => {
    answer = { throws: 'Task timed out' };
    const { stdout, status } = await follow('add', sha256, ...reason, '--format', 'json');
    expect({ json: JSON.parse(stdout), status }).toEqual({ json: { error: 'Task timed out' }, status: 1 });
  });

  test('2 if there is no such stack', async () => {
    const { status, stderr } = await deployed.follow('list', '--stack', 'other');
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr: expect.stringMatching(/^follow: the stack other can't be read \(ValidationError: .*\)/),
    });
  });

  test('2 if the stack follows no certificates', async () => {
    const without = await startDeployedFunction({ LogsFunction: 'csrwatch-Logs' }, () => answer);
    const { status, stderr } = await without.follow('list', '--stack', 'csrwatch');
    await without.stop();
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr: expect.stringContaining('follow: the stack has no output WatchListFunction: it follows no'),
    });
  });
});

describe('a usage error names what is wrong:', () => {
  test.each([
    [[], 'an action is required: list, add or remove'],
    [['drop', sha256], 'there is no action drop: list, add or remove'],
    [['list'], '--stack NAME is required'],
    [['list', sha256, '--stack', 's'], `${sha256}: there is one argument too many`],
    [['list', '--stack', 's', ...reason], '--reason: it is an option of add and remove'],
    [['add', '--stack', 's', ...reason], 'the fingerprint of the certificate is required'],
    [['add', sha256, '--stack', 's'], 'add needs --reason TEXT'],
    [['remove', sha256, '--stack', 's'], 'remove needs --reason TEXT'],
    [['add', sha256, '--stack', 's', '--reason', ' '], '--reason: it is empty'],
    [
      ['remove', sha256, '--stack', 's', ...reason, '--until', '2999-01-01'],
      '--until: it is an option of add',
    ],
    [['add', sha256, ...reason, '--until', 'soon'], '--until soon: expected a date or a time such as '],
    [['add', sha256, ...reason, '--until', '2020-01-01'], '--until 2020-01-01: it is not in the future'],
    [['list', '--stack', 's', '--format', 'yaml'], '--format yaml: expected text or json'],
    [['add', '5e57', '--stack', 's', ...reason], '5e57: expected a SHA-256 fingerprint'],
  ])('%j: %s', (args, message) => {
    const { status, stdout, stderr } = runCommand('follow', args);
    expect({ status, stdout, stderr }).toEqual({
      status: 2,
      stdout: '',
      stderr: expect.stringContaining(`follow: ${message}`),
    });
  });
});

test('the help fits on a screen and has examples', () => {
  const { status, stdout } = runCommand('follow', ['--help']);
  expect(status).toBe(0);
  expect(stdout.split('\n').length).toBeLessThanOrEqual(25);
  expect(Math.max(...stdout.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(100);
  expect(stdout).toContain('Examples:\n  npx csrwatch follow list --stack csrwatch\n');
});

describe('a fingerprint', () => {
  test.each([
    sha256,
    sha256.toUpperCase(),
    colons,
    `sha256 Fingerprint=${colons}`,
    `SHA256 Fingerprint=${colons}`,
    `X509SHA256=${sha256}`,
    ` ${sha256}\n`,
  ])('is accepted as %j', (text) => {
    expect(readFingerprint(text)).toEqual({ ok: true, fingerprint: sha256 });
  });

  test.each([
    [sha256.slice(1), 'expected a SHA-256 fingerprint, 64 hexadecimal digits; got 63'],
    [`${sha256}00`, 'expected a SHA-256 fingerprint, 64 hexadecimal digits; got 66'],
    ['', 'expected a SHA-256 fingerprint, 64 hexadecimal digits; got 0'],
    [
      sha256.slice(24),
      'expected a SHA-256 fingerprint, 64 hexadecimal digits; this is a SHA-1 fingerprint: use openssl x509 -fingerprint -sha256',
    ],
    [
      `SHA1 Fingerprint=${colons.slice(0, 59)}`,
      'expected a SHA-256 fingerprint, 64 hexadecimal digits; this is a SHA-1 fingerprint: use openssl x509 -fingerprint -sha256',
    ],
    [`g${sha256.slice(1)}`, 'expected a SHA-256 fingerprint, 64 hexadecimal digits; got "g"'],
    ['client.crt', 'expected a SHA-256 fingerprint, 64 hexadecimal digits; got "l"'],
  ])('is refused as %j: %s', (text, problem) => {
    expect(readFingerprint(text)).toEqual({ ok: false, problem });
  });
});
