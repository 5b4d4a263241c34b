import { mkdirSync, mkdtempSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openReportFile } from '../../../../cli/report/page/report-file.ts';

const folder = () => mkdtempSync(join(tmpdir(), 'csrwatch-report-'));

async function written(path: string, parts: Iterable<string>): Promise<string | undefined> {
  const opened = openReportFile(path);
  return opened.ok ? opened.file.write(parts) : opened.reason;
}

describe('the file of a report', () => {
  test('has all parts, and replaces an older one', async () => {
    const path = join(folder(), 'report.html');
    writeFileSync(path, 'older');
    expect(await written(path, ['a', 'b'.repeat(3_000_000), 'c'])).toBeUndefined();
    expect(readFileSync(path, 'utf8')).toBe(`a${'b'.repeat(3_000_000)}c`);
    expect(readdirSync(join(path, '..'))).toEqual(['report.html']);
  });

  test('is what it was before if the page cannot be finished', async () => {
    const path = join(folder(), 'report.html');
    writeFileSync(path, 'older');
    const parts = function* () {
      yield 'x'.repeat(3_000_000);
      throw new Error('no more');
    };
    expect(await written(path, parts())).toBe('no more');
    expect(readFileSync(path, 'utf8')).toBe('older');
    expect(readdirSync(join(path, '..'))).toEqual(['report.html']);
  });

  test('is not touched before it is written', () => {
    const path = join(folder(), 'report.html');
    writeFileSync(path, 'older');
    expect(openReportFile(path).ok).toBe(true);
    expect(readFileSync(path, 'utf8')).toBe('older');
    expect(readdirSync(join(path, '..'))).toEqual(['report.html']);
  });

  test('that a link names is replaced, and the link stays', async () => {
    const inside = folder();
    writeFileSync(join(inside, 'real.html'), 'older');
    symlinkSync('real.html', join(inside, 'link.html'));
    expect(await written(join(inside, 'link.html'), ['newer'])).toBeUndefined();
    expect(readFileSync(join(inside, 'real.html'), 'utf8')).toBe('newer');
    expect(
      readdirSync(inside, { withFileTypes: true })
        .find(({ name }) => name === 'link.html')
        ?.isSymbolicLink(),
    ).toBe(true);
  });

  test.each([
    ['in a missing folder', 'missing/report.html', 'its folder does not exist'],
    ['that is a folder', 'folder.html', 'it is not a file'],
  ])('%s is refused', (_, name, reason) => {
    const inside = folder();
    mkdirSync(join(inside, 'folder.html'));
    expect(openReportFile(join(inside, name))).toEqual({ ok: false, reason });
  });

  test('that is a device is refused', () => {
    expect(openReportFile('/dev/null')).toEqual({ ok: false, reason: 'it is not a file' });
  });
});
