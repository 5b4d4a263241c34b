import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { expectedFindings, foundOf, recordingPath, recordings, recordingText } from '../recordings.ts';
import { runScan } from '../run-command.ts';
import { truthTable } from '../truth-table.ts';

const only = ['--only', 'kubernetes-csr-created-or-approved'];
const event = truthTable[0]?.text ?? '';

describe('scan on the recordings', () => {
  test.each(recordings)('finds in %s exactly the rows of the base rule', (name) => {
    const { status, stdout } = runScan([...only, '--format', 'json', recordingPath(`${name}.ndjson.gz`)]);
    const { findings, stats } = JSON.parse(stdout);
    expect(foundOf(findings, name)).toEqual(expectedFindings(name));
    expect(stats).toMatchObject({ findings: findings.length, rejected: 0, faults: [] });
    expect(status).toBe(findings.length > 0 ? 1 : 0);
  });
});

describe('scan on the truth table', () => {
  const { stdout } = runScan(
    [...only, '--format', 'ndjson'],
    truthTable.map(({ text }) => `${text}\n`).join(''),
  );
  const found = new Set(
    stdout
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line).event.auditID),
  );
  test.each(truthTable)('$name: $matches', ({ text, matches }) => {
    expect(found.has(JSON.parse(text).auditID)).toBe(matches);
  });
});

describe('framings and packings', () => {
  const text = recordingText('eks-attacks');
  const events = text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
  const members = text.split(/(?<=\n)/);
  const forms: [string, Buffer][] = [
    ['plain lines', Buffer.from(text)],
    ['lines that end in CR LF', Buffer.from(text.replaceAll('\n', '\r\n'))],
    ['no line end after the last line', Buffer.from(text.trimEnd())],
    ['blank lines and a byte order mark', Buffer.from(`\ufeff\n\n${text.replaceAll('\n', '\n\n')}`)],
    ['gzip', gzipSync(text)],
    ['gzip of several members', Buffer.concat(members.map((member) => gzipSync(member)))],
    ['zstd', zstdCompressSync(text)],
    ['an EventList on one line', Buffer.from(JSON.stringify({ kind: 'EventList', items: events }))],
    ['an array', Buffer.from(JSON.stringify(events))],
    ['a pretty-printed array', Buffer.from(JSON.stringify(events, null, 2))],
    ['pretty-printed events', Buffer.from(events.map((item) => JSON.stringify(item, null, 2)).join('\n'))],
    ['documents with nothing between them', Buffer.from(events.map((item) => JSON.stringify(item)).join(''))],
  ];
  test.each(forms)('%s gives the same findings', (_, bytes) => {
    const { stdout } = runScan([...only, '--format', 'json'], bytes);
    const { findings, stats } = JSON.parse(stdout);
    expect(foundOf(findings, 'eks-attacks')).toEqual(expectedFindings('eks-attacks'));
    expect(stats).toMatchObject({ rejected: 0, faults: [] });
  });
});

describe('what cannot be read', () => {
  const folder = mkdtempSync(join(tmpdir(), 'csrwatch-scan-'));
  const file = (name: string, bytes: string | Buffer) => {
    const path = join(folder, name);
    writeFileSync(path, bytes);
    return path;
  };

  test('an unreadable line is rejected with its place, and nothing else is lost', () => {
    const broken = event.slice(0, 300);
    const { status, stdout } = runScan([...only, '--format', 'json'], `${event}\n${broken}\n${event}\n`);
    const { findings, stats } = JSON.parse(stdout);
    expect(status).toBe(1);
    expect(findings).toHaveLength(2);
    expect(stats.rejected).toBe(1);
    expect(stats.rejections[0].place.offset).toBe(Buffer.byteLength(event) + 1);
    expect(stats.rejections[0].reason).toMatch(/^truncated: /);
  });

  test('a truncated gzip file gives what was readable, states the fault, and exits with 2', () => {
    const path = file('cut.gz', gzipSync(recordingText('eks-attacks')).subarray(0, -2_000));
    const { status, stdout, stderr } = runScan([...only, '--format', 'json', path]);
    const { findings, stats } = JSON.parse(stdout);
    expect(status).toBe(2);
    expect(findings.length).toBeGreaterThan(0);
    expect(stats.faults).toEqual([
      { place: { origin: { kind: 'file', path } }, reason: expect.stringMatching(/^gzip: /) },
    ]);
    expect(stderr).toContain(`${path}: gzip: unexpected end of file`);
  });

  test('a missing file and Parquet are faults of their own; the other files are read', () => {
    const parquet = file('log.parquet', 'PAR1....PAR1');
    const good = file('good.ndjson', `${event}\n`);
    const { status, stdout, stderr } = runScan([
      ...only,
      '--format',
      'ndjson',
      '/nowhere/log',
      parquet,
      good,
    ]);
    expect(status).toBe(2);
    expect(stdout.trim().split('\n')).toHaveLength(1);
    expect(stderr).toMatch(/^scan: \/nowhere\/log: there is no such file or folder$/m);
    expect(stderr).toMatch(/log\.parquet: Parquet is not read/);
  });

  test.each([
    [['--bogus'], /^scan: Unknown option '--bogus'/],
    [['--format', 'xml'], /^scan: --format xml: expected text, ndjson, json/],
    [['--only', 'nope'], /^scan: --only nope: the rules are /],
    [
      ['--query', 'a:(b'],
      /^--query: query line 1, column 5: expected "and", "or" or "\)", found the end of the query\n {4}a:\(b\n {4} {4}\^/,
    ],
    [['--rule', '/nowhere.toml'], /^\/nowhere\.toml: there is no such file or folder\n$/],
    [['--except', 'nope'], /^scan: --except nope: not a file and not one of aks, cert-manager, gke, /],
  ])('%j is a usage error', (args, message) => {
    const { status, stdout, stderr } = runScan(args, '');
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(message);
  });

  test.each([
    ['an empty input', '', '0 findings: nothing was read\n'],
    [
      'blank lines',
      '\n\r\n  \n',
      '0 findings in 6 bytes: 0 audit events evaluated, all skipped, 0 records rejected\n' +
        'warning: standard input: does not look like a Kubernetes audit log\n',
    ],
  ])('%s has no findings', (_, text, summary) => {
    expect(runScan([], text)).toEqual({ status: 0, stdout: '', stderr: summary });
    const { stats } = JSON.parse(runScan(['--format', 'json'], text).stdout);
    expect(stats).toMatchObject({ bytes: text.length, records: 0, rejected: 0, faults: [] });
  });

  test('as text, standard error states what was read and what was rejected', () => {
    const { status, stderr } = runScan(only, `${event}\n${event.slice(0, 300)}\n`);
    expect(status).toBe(1);
    expect(stderr).toMatch(
      /^1 finding in [\d.]+ kB: 2 audit events evaluated, none skipped, 1 record rejected\nrejected: standard input, byte \d+: [^()]+\n$/,
    );
  });
});

describe('a record that may hold an event in a shape that is not read', () => {
  const unknown = '{"resource":"certificatesigningrequests","who":"mallory"}';

  test('is a warning with its place, and counted', () => {
    const { status, stderr } = runScan([...only, '--format', 'text'], `${event}\n${unknown}\n${unknown}\n`);
    expect(status).toBe(1);
    expect(stderr).toMatch(
      /, 2 records not audit events, 2 of them suspicious, 0 records rejected\n(?:warning: standard input, byte \d+: contains a literal of the rules, and no audit event was found in it\n){2}$/,
    );
    const { stats } = JSON.parse(runScan([...only, '--format', 'json'], `${event}\n${unknown}\n`).stdout);
    expect(stats).toMatchObject({ notAudit: 1, suspicious: 1, withoutEvents: [] });
    expect(stats.suspicions).toMatchObject([{ place: { offset: Buffer.byteLength(`${event}\n`) } }]);
  });

  test('is listed a bounded number of times, and counted each time', () => {
    const { stderr } = runScan(only, `${event}\n${`${unknown}\n`.repeat(300)}`);
    expect(stderr).toContain(' 300 of them suspicious');
    expect(stderr.match(/^warning: /gm)).toHaveLength(5);
    expect(stderr).toContain('and 295 more; --format json lists the first hundred\n');
  });
});

describe('an input without an audit event', () => {
  test('is called out by its name, with findings in others', () => {
    const other = recordingPath('eks-attacks.ndjson.gz');
    const path = join(mkdtempSync(join(tmpdir(), 'csrwatch-scan-')), 'scheduler.log');
    writeFileSync(path, 'I0302 scheduler.go:1] started\n');
    const { stderr, stdout } = runScan([...only, '--format', 'json', path, other]);
    expect(JSON.parse(stdout).stats.withoutEvents).toEqual([
      { place: { origin: { kind: 'file', path } }, reason: 'does not look like a Kubernetes audit log' },
    ]);
    expect(stderr).toBe('');
    expect(runScan([...only, path, other]).stderr).toContain(
      `warning: ${path}: does not look like a Kubernetes audit log\n`,
    );
  });

  test('is not one whose events were all skipped', () => {
    const pods = event.replaceAll('certificatesigningrequests', 'pods');
    expect(runScan(only, `${pods}\n`).stderr).not.toContain('warning');
  });
});

describe('options', () => {
  test('--query finds the events that match the condition, with the rule id query', () => {
    const { stdout, status } = runScan(
      ['--format', 'ndjson', '--query', 'user.name:kubernetes-admin'],
      `${event}\n`,
    );
    expect(status).toBe(1);
    expect(JSON.parse(stdout).rule.id).toBe('query');
  });

  test('--cluster names the cluster, and without it nothing does', () => {
    const named = runScan([...only, '--format', 'ndjson', '--cluster', 'prod'], event);
    const unnamed = runScan([...only, '--format', 'ndjson'], event);
    expect(JSON.parse(named.stdout).cluster).toBe('prod');
    expect(JSON.parse(unnamed.stdout).cluster).toBeNull();
    expect(JSON.parse(named.stdout).id).not.toBe(JSON.parse(unnamed.stdout).id);
  });

  test('no escape of a terminal comes out of a name', () => {
    const hostile = JSON.stringify({ ...JSON.parse(event), user: { username: '\u001b[2Jmallory\u202egnp' } });
    const { stdout } = runScan(only, hostile);
    expect(stdout).toContain('\\u{1b}[2Jmallory\\u{202e}gnp');
    expect(stdout).not.toContain('\u001b');
  });
});

test('--except suppresses what a predefined exception is for, and nothing else', () => {
  const log = recordingPath('selfmanaged.ndjson.gz');
  const found = (...args: string[]) =>
    new Set(
      runScan([...only, '--format', 'ndjson', ...args, log])
        .stdout.trim()
        .split('\n')
        .map((line) => JSON.parse(line).actor.name),
    );
  const all = found();
  const fewer = found('--except', 'kubelet-bootstrap', '--except', 'cert-manager');
  expect([...all].filter((name) => !fewer.has(name)).sort()).toEqual([
    'system:bootstrap:abcdef',
    'system:serviceaccount:cert-manager:cert-manager',
  ]);
});

describe('--strict', () => {
  const strict = (query: string, input: string) => runScan(['--strict', '--query', query], input);

  test('a warning about the query is an error, and nothing is read', () => {
    expect(runScan(['--query', 'user.nmae:x'], event)).toMatchObject({
      status: 0,
      stderr: expect.stringMatching(
        /^warning: --query: query line 1, column 1: the field user\.nmae .*user\.name\?\n/,
      ),
    });
    expect(strict('user.nmae:x', event)).toMatchObject({
      status: 2,
      stdout: '',
      stderr: expect.stringMatching(/^--query: query line 1, column 1: the field user\.nmae /),
    });
  });

  test('a rejected record makes the exit status 2', () => {
    expect(runScan(['--query', 'user.name:*'], '{"auditID":')).toMatchObject({ status: 0 });
    expect(strict('user.name:*', '{"auditID":')).toMatchObject({ status: 2 });
    expect(strict('user.name:no-such-user', `${event}\n`)).toMatchObject({ status: 0 });
  });

  test.each([
    [
      'a suspicious record',
      `${event.replace('"user"', '"u"').replaceAll('certificatesigningrequests', 'pods')}\n{"resource":"certificatesigningrequests"}\n`,
    ],
    ['an input without an audit event', 'scheduler: started\n'],
  ])('%s makes the exit status 2', (_, input) => {
    expect(runScan(only, input).status).toBe(0);
    expect(runScan(['--strict', ...only], input).status).toBe(2);
  });
});

describe('--query without a field', () => {
  test.each(['"system:masters"', '"SYSTEM:NODE"', 'kubernetes-admin', '*csr*approver*', '"prod"'])(
    '%s: the prefilter skips no match',
    (query) => {
      const found = (text: string) =>
        JSON.parse(
          runScan(['--format', 'json', '--query', text, recordingPath('eks-attacks.ndjson.gz')]).stdout,
        ).stats.findings;
      // a range has no literal, so every record is parsed; no name is that large
      expect(found(query)).toBe(found(`${query} or user.name > "~"`));
    },
  );
});
