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
  const clear = '\r\u001b[K';

  function over(totalBytes: number | undefined) {
    const written: string[] = [];
    let nowMs = 0;
    const progress = createProgress(
      totalBytes,
      (text) => written.push(text),
      () => 3,
      () => nowMs,
    );
    const readAt = (ms: number, bytes: number, input = 'audit.log') => {
      nowMs = ms;
      progress.read(bytes, input);
    };
    return { written, progress, readAt };
  }

  test('states file, bytes, rate, time left and findings a few times a second, and is cleared once', () => {
    const { written, progress, readAt } = over(4_000_000);
    readAt(10, 500_000);
    readAt(500, 500_000);
    readAt(510, 500_000);
    progress.clear();
    progress.clear();
    expect(written).toEqual([
      `${clear}audit.log: 1.0 MB of 4.0 MB (25 %), 2.0 MB/s, 2 s left, 3 findings`,
      clear,
    ]);
  });

  test('has no percentage and no time left if a size is not known, and the end of a long name', () => {
    const { written, readAt } = over(undefined);
    readAt(500, 1_000_000, `/var/log/${'x'.repeat(50)}/audit.log`);
    expect(written).toEqual([`${clear}…${'x'.repeat(19)}/audit.log: 1.0 MB, 2.0 MB/s, 3 findings`]);
  });
});
