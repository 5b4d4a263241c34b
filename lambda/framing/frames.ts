import { detectFraming } from './detect-framing.ts';
import { documents } from './document-splitter.ts';
import type { Frame, FrameOptions } from './frame.ts';
import { isBlank } from './json-bytes.ts';
import { lines } from './line-splitter.ts';
import { TextCursor } from './text-cursor.ts';

const byteOrderMark = Buffer.from('\ufeff');

/**
 * Cuts a decompressed text into records and yields the candidates. How it is framed is decided at its beginning, and
 * again after a malformed document, which does not affect its neighbors.
 */
export async function* frames(chunks: AsyncIterable<Buffer>, options: FrameOptions): AsyncGenerator<Frame> {
  const cursor = new TextCursor(chunks);
  try {
    for (;;) {
      // a file may begin with millions of zeros
      while (isBlank(cursor.bytes[cursor.at]) || byteOrderMark.includes(cursor.bytes[cursor.at] ?? 0))
        cursor.at += 1;
      if (cursor.unreadBytes > 0) {
        const framing = await detectFraming(cursor, options);
        yield* framing === 'lines' ? lines(cursor, options) : documents(cursor, options);
      } else if (cursor.isLast) return;
      else await cursor.extend();
    }
  } finally {
    await cursor.close();
  }
}
