import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { inOrder } from '../../../cli/scan/in-order.ts';
import { parseCall } from '../../../cli/scan/scan-call.ts';
import type { ScanItem } from '../../../cli/scan/scan-item.ts';
import { startThread } from '../../../cli/scan/scan-thread.ts';
import { recordingText } from '../../recordings.ts';
import { runScan, startScan } from '../../run-command.ts';
import { truthTable } from '../../truth-table.ts';

const folder = mkdtempSync(join(tmpdir(), 'csrwatch-workers-'));
const event = truthTable[0]?.text ?? '';

test('jobs run at the same time, and their results are used in the order of the inputs', async () => {
  const used: number[] = [];
  let running = 0;
  let most = 0;
  async function* inputs() {
    yield* [30, 5, 20, 1, 10, 0];
  }
  await inOrder(
    ['a', 'b', 'c'],
    inputs(),
    async (_, ms) => {
      running += 1;
      most = Math.max(most, running);
      await setTimeout(ms);
      running -= 1;
      return ms;
    },
    async (_, ms) => {
      used.push(ms);
    },
  );
  expect(used).toEqual([30, 5, 20, 1, 10, 0]);
  expect(most).toBe(3);
});

describe('worker threads', () => {
  // over the size from which threads are used
  const filler = `{"kind":"other","text":"${'x'.repeat(1_000)}"}\n`.repeat(9_000);
  for (const [index, name] of ['a', 'b', 'c', 'd'].entries()) {
    const text = recordingText(index % 2 === 0 ? 'eks-attacks' : 'selfmanaged');
    writeFileSync(join(folder, name), `${filler}${text}\n{"auditID":"cut`);
  }

  test.each(['json', 'ndjson', 'csv', 'text'])('print the same %s as one thread', (format) => {
    const run = (jobs: string) => runScan(['--format', format, '--jobs', jobs, folder]);
    const one = run('1');
    expect(run('3')).toEqual(one);
    expect(one.stdout.length).toBeGreaterThan(1_000);
  });

  test('wait while many findings of an earlier input are printed', async () => {
    writeFileSync(join(folder, 'many'), `${event}\n`.repeat(2_000));
    const call = parseCall([]);
    if (call.kind !== 'scan') throw new Error('the call is wrong');
    const thread = startThread(call.options);
    const items: ScanItem[] = [];
    let isMyTurn = false;
    let release = () => {};
    const turn = new Promise<void>((resolve) => {
      release = resolve;
    });
    let bytes = 0;
    const scanned = thread.scan(
      { kind: 'file', path: join(folder, 'many') },
      {
        signal: new AbortController().signal,
        onBytes: (more) => {
          bytes += more;
          void setTimeout(200).then(release);
        },
        onItem: async (item) => {
          await turn;
          isMyTurn = true;
          items.push(item);
        },
      },
    );
    const { report } = await scanned;
    await thread.stop();
    expect(isMyTurn).toBe(true);
    expect(bytes).toBeGreaterThan(0);
    expect(report.events).toBe(2_000);
    expect(items.filter(({ kind }) => kind === 'findings')).toHaveLength(2_000);
  });
});

describe('Ctrl-C', () => {
  test('prints what was found so far, and how far the scan came', async () => {
    const child = startScan(['--format', 'text', '-']);
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk) => {
      stdout += chunk;
    });
    child.stderr.on('data', (chunk) => {
      stderr += chunk;
    });
    child.stdin.on('error', () => {});
    child.stdin.write(`${event}\n`.repeat(200));
    await setTimeout(1_500);
    child.kill('SIGINT');
    const status = await new Promise((resolve) => child.on('close', resolve));
    expect(stderr).toContain('scan: interrupted after 1 of 1 inputs');
    expect(stderr).toContain('scan: -: interrupted');
    expect(stdout).toMatch(/^Findings {6}\d+/);
    expect(status).toBe(2);
  });
});
