import { gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { unpack } from '../../lambda/framing/decompress.ts';
import { event, line, lines, scanChunks } from '../scan/scan-text.ts';
import { brokenText, framings } from './break-text.ts';

/** `scanChunks` overwrites each chunk when the next one is asked for. */
const inChunks = (bytes: Buffer, size: number) =>
  Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) =>
    bytes.subarray(at * size, (at + 1) * size),
  );

const six = Array.from({ length: 6 }, (_, index) => event(`id-${index}`));
const ids = six.map(({ auditID }) => auditID);

describe('a scan copies what it still needs from a chunk before the chunk is released', () => {
  const sizes = [1, 7, 64, 150, 333, 1_000];
  test.each(Object.keys(framings))('%s, with a malformed record or without', async (framing) => {
    for (const faults of [0, 1]) {
      const { text, intact } = brokenText(framing, 5, faults);
      for (const size of sizes) {
        const { ids: found } = await scanChunks(inChunks(text, size));
        expect(found, `in chunks of ${size}`).toEqual(expect.arrayContaining([...intact]));
      }
    }
  });

  test.each<[string, Buffer]>([
    ['a gzip', gzipSync(lines(six))],
    ['a gzip in a gzip', gzipSync(gzipSync(lines(six)))],
    ['a zstd in a gzip', gzipSync(zstdCompressSync(lines(six)))],
    ['many gzip members', Buffer.concat(six.map((one) => gzipSync(line(one))))],
    ['many zstd frames', Buffer.concat(six.map((one) => zstdCompressSync(line(one))))],
    ['zeros before lines', Buffer.from(`${'\0'.repeat(100)}${lines(six)}`)],
  ])('%s', async (_, bytes) => {
    for (const size of sizes) expect((await scanChunks(inChunks(bytes, size))).ids).toEqual(ids);
  });

  test('an event in two parts, the first of which is cut off at the end of its chunk', async () => {
    const [first, second] = [event('one'), event('two')].map((one) => JSON.stringify(one));
    const cutAt = (first?.length ?? 0) - 20;
    const text = `${first?.slice(0, cutAt)}\n${first?.slice(cutAt)}\n${second}\n`;
    for (const size of [cutAt + 1, ...sizes]) {
      expect((await scanChunks(inChunks(Buffer.from(text), size))).ids).toEqual(['one', 'two']);
    }
  });

  test('an event that is cut off, and another one in the next chunk', async () => {
    const whole = JSON.stringify(event('one'));
    const head = `${whole.slice(0, -20)}\n`;
    // more than the first bytes, by which the kind of content and the framing are decided
    const before = lines(six);
    const chunks = [before, head, line(event('two'))].map((text) => Buffer.from(text));
    const { report, truncated } = await scanChunks(chunks);
    expect(truncated).toEqual(['one']);
    expect(report.rejections).toHaveLength(1);
    expect(report.unread.count).toBe(1);
  });
});

describe('the memory of a chunk', () => {
  test('is freed when the next one is asked for', async () => {
    const text = Buffer.from(lines(Array.from({ length: 40_000 }, (_, index) => event(`id-${index}`))));
    for (const packed of [gzipSync(text), zstdCompressSync(text)]) {
      const chunks: Buffer[] = [];
      let length = 0;
      for await (const chunk of unpack(oneChunk(packed), async () => {})) {
        length += chunk.length;
        chunks.push(chunk);
      }
      expect(length).toBe(text.length);
      const freed = chunks.filter((chunk) => chunk.buffer.byteLength === 0);
      expect(freed.length).toBeGreaterThan(chunks.length / 2);
    }
  });
});

async function* oneChunk(chunk: Buffer): AsyncGenerator<Buffer> {
  yield chunk;
}
