import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TextCursor } from '../../lambda/framing/text-cursor.ts';

const text = Buffer.from(
  Array.from({ length: 100_000 }, (_, index) => (index * 7_919 + (index >> 8)) & 0xff),
);

/** Each chunk is freed when the next one is asked for. */
async function* chunksOf(sizes: readonly number[]): AsyncGenerator<Buffer> {
  for (let from = 0, index = 0; from < text.length; index += 1) {
    const to = from + (sizes[index % sizes.length] ?? 1);
    const { buffer } = Uint8Array.from(text.subarray(from, to));
    yield Buffer.from(buffer);
    buffer.transfer(0);
    from = to;
  }
}

test('a window shows the text from its offset on, whatever is read of it before it grows', async () => {
  const sizes = fc.array(fc.oneof(fc.integer({ min: 1, max: 900 }), fc.integer({ min: 1, max: 30_000 })), {
    minLength: 1,
    maxLength: 5,
  });
  const shares = fc.array(fc.constantFrom(0, 0.3, 0.9, 1), { minLength: 1, maxLength: 9 });
  await fc.assert(
    fc.asyncProperty(sizes, shares, async (chunkSizes, read) => {
      const cursor = new TextCursor(chunksOf(chunkSizes));
      let offset = 0;
      let isWhole = true;
      for (let index = 0; !cursor.isLast; index += 1) {
        await cursor.extend();
        const shown = text.subarray(offset, offset + cursor.unreadBytes);
        isWhole &&= cursor.offset === offset && shown.equals(cursor.bytes.subarray(cursor.at));
        const taken = Math.round(cursor.unreadBytes * (read[index % read.length] ?? 0));
        cursor.at += taken;
        offset += taken;
      }
      expect({ isWhole, end: offset + cursor.unreadBytes }).toEqual({ isWhole: true, end: text.length });
    }),
  );
});

test('a window grows by as much again, and is the chunk itself once all before it is read', async () => {
  const chunk = (length: number, byte: number): Buffer => Buffer.alloc(length, byte);
  const all = [chunk(5_000, 1), chunk(7_000, 2), chunk(100, 3), chunk(9_000, 4)];
  async function* chunks() {
    yield* all;
  }
  const cursor = new TextCursor(chunks());
  // where the window begins, what is before it is read, its length, and the number of the chunk that it is
  const states: unknown[] = [];
  for (const readTo of [0, 4_900, 5_000, 11_990, 12_500, 21_000, 21_100]) {
    cursor.at = readTo - cursor.base;
    await cursor.extend();
    const { base, at, bytes, isLast, offset, unreadBytes } = cursor;
    states.push([base, at, bytes.length, all.indexOf(bytes), isLast]);
    expect({ offset, unreadBytes }).toEqual({ offset: readTo, unreadBytes: bytes.length - at });
  }
  expect(states).toEqual([
    [0, 0, 5000, 0, false],
    [4644, 256, 4452, -1, false],
    [4744, 256, 8704, -1, false],
    [11734, 256, 5810, -1, false],
    [12100, 400, 9000, 3, false],
    [20744, 256, 356, -1, true],
    [20844, 256, 256, -1, true],
  ]);
});
