import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { runScan } from '../../run-command.ts';
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
    ['a missing bucket name', 's3://', 'expected s3://BUCKET/PREFIX'],
  ])('%s is a fault, and the others are read', (_, path, reason) => {
    const { ids, reasons, status } = found([
      path.startsWith('s3:') ? path : join(folder, path),
      join(folder, 'logs/audit-2.log'),
    ]);
    expect({ ids, reasons, status }).toEqual({ ids: ['two'], reasons: [reason], status: 2 });
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
