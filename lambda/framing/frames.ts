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
      const skipped = skipBlank(cursor);
      if (skipped > 0) yield { kind: 'skipped', bytes: skipped };
      if (cursor.at < cursor.bytes.length) {
        const framing = await detectFraming(cursor, options.maxRecordBytes);
        yield* framing === 'lines' ? lines(cursor, options) : documents(cursor, options);
      } else if (!(await cursor.next())) return;
    }
  } finally {
    await cursor.close();
  }
}

/** A file may begin with millions of zeros. */
function skipBlank(cursor: TextCursor): number {
  const { bytes, at } = cursor;
  let to = at;
  while (to < bytes.length && (isBlank(bytes[to]) || byteOrderMark.includes(bytes[to] ?? 0))) to += 1;
  cursor.at = to;
  return to - at;
}
