import { gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { event, line, literal, scanChunks } from '../scan/scan-text.ts';

const json = JSON.stringify;
const candidate = json({ verb: 'get', resource: literal });

/** Texts of which some reader could take more than linear time, each repeated to a size. */
const repeated: readonly [string, string, string?][] = [
  ['objects with commas on one line', '{},'],
  ['a list of objects', '{},', '['],
  ['openings', '['],
  ['openings of objects', '{"a":'],
  ['openings of objects on lines', '{"a":\n'],
  ['malformed lines', `{"a":"${literal}\n`],
  ['malformed documents', `{"a":["${literal}"}`],
  ['small documents far from a candidate', '{"a":1} ', '{"a":1}{"a":1}'],
  ['candidates among documents', `${candidate} `, `${candidate}${candidate}`],
  ['candidates in lines of text among documents', `text ${literal}\n`, `${json(event('one'), null, 2)}\n`],
  ['items of an EventList that is malformed', `${candidate},`, '{"kind":"EventList","items":[{"a":]},'],
  ['lists of records in one another', '{"items":['],
  ['strings that are not closed', '"a{"b":', '{"a":'],
  ['escapes', '\\"', '{"a":"'],
  ['digits', '1', '{"a":'],
];

describe('the time is proportional to the size of', () => {
  test.each(repeated)('%s', async (_, part, head = '') => {
    const seconds = async (bytes: number) => {
      const text = Buffer.from(`${head}${part.repeat(bytes / part.length)}`);
      const chunks = Array.from({ length: Math.ceil(text.length / 65_536) }, (_, index) =>
        text.subarray(index * 65_536, (index + 1) * 65_536),
      );
      return timed(() => scanChunks(chunks));
    };
    await isLinear(seconds, 250_000);
  });

  test.each<[string, (bytes: number) => Buffer]>([
    [
      'zstd frames of a line each',
      (bytes) => {
        const frame = zstdCompressSync(line({ a: 1 }));
        return Buffer.concat(Array.from({ length: bytes / frame.length }, () => frame));
      },
    ],
    [
      'gzip members of a line each',
      (bytes) => {
        const member = gzipSync(line({ a: 1 }));
        return Buffer.concat(Array.from({ length: bytes / member.length }, () => member));
      },
    ],
  ])('%s', async (_, packed) => {
    await isLinear(async (bytes) => {
      const chunk = packed(bytes);
      return timed(() => scanChunks([chunk]));
    }, 16_000);
  });
});

test('what expands more than 1,100 times ends with a fault', async () => {
  const bomb = gzipSync(gzipSync(Buffer.alloc(2 ** 28), { level: 9 }), { level: 9 });
  const { report } = await scanChunks([bomb]);
  expect(report.fault?.reason).toBe('it expands more than 1100 times');
  expect(report.bytes).toBeLessThan(2 ** 27);
});

/** Eight times as many bytes may take sixteen times as long, and some more for a machine that is busy. */
async function isLinear(seconds: (bytes: number) => Promise<number>, bytes: number): Promise<void> {
  await seconds(bytes / 4);
  const [small, large] = [await seconds(bytes), await seconds(8 * bytes)];
  expect(large).toBeLessThan(16 * small + 1);
}

async function timed(run: () => Promise<unknown>): Promise<number> {
  const started = process.cpuUsage();
  await run();
  return process.cpuUsage(started).user / 1e6;
}
