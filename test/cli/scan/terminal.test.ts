import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { createProgress } from '../../../cli/scan/progress.ts';
import { terminalOf } from '../../../cli/scan/terminal.ts';
import { runScan } from '../../run-command.ts';
import { truthTable } from '../../truth-table.ts';

const pipe = () => new PassThrough();
const terminal = () => Object.assign(new PassThrough(), { isTTY: true, columns: 132 });

describe('colors and progress', () => {
  test('are used only on a terminal', () => {
    const piped = terminalOf({ stdout: pipe(), stderr: terminal() }, {});
    expect(piped).toMatchObject({ color: false, width: Number.POSITIVE_INFINITY, progress: true });
    const logged = terminalOf({ stdout: terminal(), stderr: pipe() }, {});
    expect(logged).toMatchObject({ color: true, width: 132, progress: false });
  });

  test.each([
    [{ NO_COLOR: '1' }, { color: false, progress: true }],
    [{ NO_COLOR: '' }, { color: true, progress: true }],
    [{ TERM: 'dumb' }, { color: false, progress: false }],
  ])('with %j are %j', (env, expected) => {
    expect(terminalOf({ stdout: terminal(), stderr: terminal() }, env)).toMatchObject(expected);
  });

  test('are not written to a pipe', () => {
    const { stdout, stderr } = runScan([], truthTable[0]?.text);
    expect(`${stdout}${stderr}`).not.toMatch(/\u001b|\r/);
  });
});

describe('progress', () => {
  const folder = mkdtempSync(join(tmpdir(), 'csrwatch-progress-'));
  const file = join(folder, 'log');
  writeFileSync(file, Buffer.alloc(4_000_000));
  const clear = '\r\u001b[K';

  function over(files: readonly string[]) {
    const written: string[] = [];
    let nowMs = 0;
    const progress = createProgress(
      files,
      (text) => written.push(text),
      () => 3,
      () => nowMs,
    );
    const readAt = (ms: number, bytes: number) => {
      nowMs = ms;
      progress.read(bytes);
    };
    return { written, progress, readAt };
  }

  test('is written a few times a second, and cleared once', () => {
    const { written, progress, readAt } = over([file]);
    readAt(10, 500_000);
    readAt(300, 500_000);
    readAt(310, 500_000);
    progress.clear();
    progress.clear();
    expect(written).toEqual([`${clear}1.0 MB of 4.0 MB (25 %) read, 3 findings`, clear]);
  });

  test('has no percentage if a size is not known', () => {
    const { written, readAt } = over([file, '-']);
    readAt(300, 1_000_000);
    expect(written).toEqual([`${clear}1.0 MB read, 3 findings`]);
  });
});
