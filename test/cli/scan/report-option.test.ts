import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { recordingPath } from '../../recordings.ts';
import { runScan, startScan } from '../../run-command.ts';
import { textOf } from '../report/page/page-of.ts';

const folder = mkdtempSync(join(tmpdir(), 'csrwatch-report-'));
afterAll(() => rmSync(folder, { recursive: true }));
const eks = recordingPath('eks-attacks.ndjson.gz');
const selfManaged = recordingPath('selfmanaged.ndjson.gz');

let files = 0;
function fresh(): string {
  files += 1;
  return join(folder, `${files}.html`);
}

const pageText = (file: string) => textOf(readFileSync(file, 'utf8'));

describe('--report', () => {
  test.each([['text'], ['markdown'], ['ndjson'], ['json'], ['csv']])(
    'changes neither the output as %s nor the exit status',
    (format) => {
      const without = runScan(['--format', format, eks]);
      const file = fresh();
      const beside = runScan(['--format', format, '--report', file, eks]);
      expect(beside).toEqual(without);
      expect(pageText(file)).toMatch(/^\s*csrwatch report: [1-9]\d* findings/);
    },
  );

  test('has the complete stories beside --summary, and beside a format that has none', () => {
    for (const args of [['--summary'], ['--format', 'csv']]) {
      const file = fresh();
      expect(runScan([...args, '--report', file, eks]).status).toBe(1);
      expect(pageText(file)).toContain('No finding, at');
      expect(pageText(file)).toContain('approved its own request. self-approval');
    }
  });

  test('states the command line, the window and the filters', () => {
    const file = fresh();
    runScan(['--since', '2026-11-01', '--actor', "o'neil", '--report', file, eks]);
    const text = pageText(file);
    expect(text).toContain("csrwatch scan --since 2026-11-01 --actor 'o'\\''neil' --report");
    expect(text).toContain('from 2026-11-01 00:00:00 UTC');
    expect(text).toContain("of the actor o'neil");
  });

  test('shows what the certificate of a story was used for, with the event of the first use', () => {
    const file = fresh();
    runScan(['--csr', 'bob-laptop', '--report', file, selfManaged]);
    const [, uses = ''] = pageText(file).split('Use of the certificate');
    expect(uses).toContain('3 requests');
    expect(uses).toContain('Rule kubernetes-issued-certificate-used');
    expect(uses).toContain('"requestURI": "/api/v1/pods?limit=500"');
    expect(readFileSync(file, 'utf8')).toContain('href="#mark-used" x=');
  });

  test("has the actor's requests with --actor", () => {
    const file = fresh();
    runScan(['--actor', 'kubernetes-admin', '--report', file, selfManaged]);
    expect(pageText(file)).toContain('Requests: actor kubernetes-admin');
  });

  test.each([
    ['in a missing folder', ['--report', join(folder, 'missing', 'x.html')], 'its folder does not exist'],
    ['with another extension', ['--report', 'audit.log'], 'expected a file name that ends in .html'],
    ['with --suggest-exceptions', ['--suggest-exceptions', '--report', 'x.html'], 'cannot be combined'],
  ])('%s is refused before the scan', (_, args, reason) => {
    const { status, stdout, stderr } = runScan([...args, eks]);
    expect(status).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain(reason);
    expect(stderr.split('\n').length).toBeLessThan(4);
  });

  test('has what was found before Ctrl-C', async () => {
    const file = fresh();
    const child = startScan(['--summary', '--report', file, eks, '-']);
    let bytes = 0;
    child.stdout.on('data', (chunk) => {
      bytes += chunk.length;
    });
    // the second input is a pipe that does not end; more than a pipe holds is taken only once it is read
    const line = `${JSON.stringify({ kind: 'Event', text: 'x'.repeat(1_000) })}\n`;
    await new Promise((resolve) => child.stdin.write(line.repeat(1_000), resolve));
    child.kill('SIGINT');
    const [status] = await once(child, 'exit');
    expect(status).toBe(2);
    expect(pageText(file)).toContain('The scan was interrupted after 2 of 2 inputs.');
    expect(pageText(file)).toContain('approved its own request');
    expect(bytes).toBeGreaterThan(0);
  });

  test('leaves an older page as it is if the scan is called wrongly', () => {
    const file = fresh();
    writeFileSync(file, 'older');
    expect(runScan(['--report', file, '--only', 'nope', eks]).status).toBe(2);
    expect(readFileSync(file, 'utf8')).toBe('older');
    expect(existsSync(`${file}.tmp`)).toBe(false);
  });
});
