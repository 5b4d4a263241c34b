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
