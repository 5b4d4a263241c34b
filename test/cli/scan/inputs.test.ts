import { spawnSync } from 'node:child_process';
import { appendFileSync, mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { recordingPath } from '../../recordings.ts';
import { runScan, scanScript, startScan } from '../../run-command.ts';
import { truthTable } from '../../truth-table.ts';

const event = truthTable[0]?.text ?? '';
const folder = mkdtempSync(join(tmpdir(), 'csrwatch-inputs-'));
mkdirSync(join(folder, 'logs/day-2'), { recursive: true });
mkdirSync(join(folder, 'empty'));
const named = (name: string) => `${JSON.stringify({ ...JSON.parse(event), auditID: name })}\n`;
writeFileSync(join(folder, 'logs/audit-2.log'), named('two'));
writeFileSync(join(folder, 'logs/audit-10.log.gz'), gzipSync(named('ten')));
writeFileSync(join(folder, 'logs/day-2/audit.log'), named('day'));
symlinkSync(folder, join(folder, 'logs/cycle'));
mkdirSync(join(folder, 'links'));
symlinkSync('circle', join(folder, 'links/circle'));
symlinkSync('nowhere', join(folder, 'links/gone'));
symlinkSync('../logs/audit-2.log', join(folder, 'links/log'));

function found(args: readonly string[], input = '') {
  const { stdout, stderr, status } = runScan(
    ['--format', 'json', '--only', 'kubernetes-csr-created-or-approved', ...args],
    input,
  );
  expect(stdout, stderr).not.toBe('');
  const { findings, stats } = JSON.parse(stdout);
  const ids: string[] = findings.map(({ event: { auditID } }: { event: { auditID: string } }) => auditID);
  const reasons: string[] = stats.faults.map(({ reason }: { reason: string }) => reason);
  return { ids, reasons, status };
}

describe('an input can be', () => {
  test('a folder, read recursively by name, where links to folders are not followed', () => {
    expect(found([join(folder, 'logs')]).ids).toEqual(['two', 'ten', 'day']);
  });

  test('a quoted pattern', () => {
    expect(found([join(folder, 'logs/**/*.log')]).ids).toEqual(['two', 'day']);
    expect(found([join(folder, 'logs/audit-{2,10}*')]).ids).toEqual(['two', 'ten']);
  });

  test('a line of a list, from a file or standard input', () => {
    const list = `${join(folder, 'logs/day-2/audit.log')}\r\n\n${join(folder, 'logs/audit-2.log')}`;
    writeFileSync(join(folder, 'list'), list);
    expect(found(['--files-from', join(folder, 'list')]).ids).toEqual(['day', 'two']);
    expect(found(['--files-from', '-'], list).ids).toEqual(['day', 'two']);
  });

  test('named twice, and is read once', () => {
    expect(found([join(folder, 'logs'), join(folder, 'logs/audit-2.log')]).ids).toEqual([
      'two',
      'ten',
      'day',
    ]);
  });
});

describe('an input that is not there', () => {
  test.each([
    ['a folder without files', 'empty', 'there is no file in this folder'],
    ['a pattern without files', 'logs/*.zst', 'no file matches this pattern'],
    ['a missing file', 'missing.log', 'there is no such file or folder'],
    ['a file as a folder', 'logs/audit-2.log/x', 'a part of the path is not a folder'],
    ['a link to itself', 'links/circle', 'the links in the path lead in a circle'],
    ['a name that is too long', 'x'.repeat(300), 'the name is too long'],
    ['a missing bucket name', 's3://', 'expected s3://BUCKET/PREFIX'],
  ])('%s is a fault, and the others are read', (_, path, reason) => {
    const { ids, reasons, status } = found([
      path.startsWith('s3:') ? path : join(folder, path),
      join(folder, 'logs/audit-2.log'),
    ]);
    expect({ ids, reasons, status }).toEqual({ ids: ['two'], reasons: [reason], status: 2 });
  });

  test('a link in a folder that leads nowhere is a fault, and other links to files are followed', () => {
    expect(found([join(folder, 'links')])).toEqual({
      ids: ['two'],
      reasons: ['the links in the path lead in a circle', 'there is no such file or folder'],
      status: 2,
    });
  });

  test('a missing list is a fault', () => {
    expect(found(['--files-from', join(folder, 'no-list')])).toMatchObject({ status: 2, ids: [] });
  });
});

test.each([
  [['--files-from', '-', '-'], '--files-from - reads the list from standard input'],
  [['--log-group', 'audit'], '--log-group needs --since'],
  [['--jobs', '0'], '--jobs 0: expected a number from 1 to 999'],
])('%j is refused with the reason', (args, reason) => {
  expect(runScan(args)).toMatchObject({ status: 2, stdout: '', stderr: expect.stringContaining(reason) });
});

test('a folder of programs and pictures is a fault for each of them', () => {
  const kinds = join(folder, 'kinds');
  mkdirSync(kinds);
  writeFileSync(join(kinds, 'picture.png'), Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'));
  writeFileSync(join(kinds, 'program'), Buffer.from('7f454c4602010100000000000000', 'hex'));
  const { ids, reasons, status } = found([kinds]);
  expect({ ids, status }).toEqual({ ids: [], status: 2 });
  expect(reasons).toEqual(Array.from({ length: 2 }, () => expect.stringContaining('the bytes are not text')));
});

test('three thousand small files are read, each once', () => {
  const many = join(folder, 'many');
  mkdirSync(many);
  const names = Array.from({ length: 3_000 }, (_, index) => `${index}`);
  for (const name of names) writeFileSync(join(many, name), named(name));
  expect(found([many])).toEqual({ ids: names, reasons: [], status: 1 });
});

test('a pipe with a name is read, also if its certificates are followed', () => {
  const pipe = join(folder, 'pipe');
  const log = recordingPath('selfmanaged.ndjson.gz');
  const command = `mkfifo "$1" && (cat "$2" > "$1" &) && exec "$3" "$4" scan --format json "$1"`;
  const { stdout } = spawnSync('sh', ['-c', command, 'sh', pipe, log, process.execPath, scanScript], {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  const { findings, stats } = JSON.parse(stdout);
  const uses = findings.filter(({ uses }: { uses?: object }) => uses !== undefined);
  expect({ uses: uses.length, faults: stats.faults }).toEqual({ uses: 2, faults: [] });
});

test('a file that grows while it is read is read to an end', async () => {
  const path = join(folder, 'growing.log');
  writeFileSync(path, named('first').repeat(500));
  const writer = setInterval(() => appendFileSync(path, named('later').repeat(100)), 1);
  const child = startScan(['--format', 'json', path]);
  const [stdout, status] = await Promise.all([
    text(child.stdout),
    new Promise((resolve) => child.on('close', resolve)),
  ]);
  clearInterval(writer);
  const { stats } = JSON.parse(stdout);
  expect(stats).toMatchObject({ faults: [], rejected: expect.any(Number) });
  expect(stats.findings).toBeGreaterThanOrEqual(500);
  expect(status).toBe(1);
});
