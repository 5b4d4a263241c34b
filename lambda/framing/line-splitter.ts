import { documents } from './document-splitter.ts';
import type { Frame, FrameOptions } from './frame.ts';
import { lf, trimEnd } from './json-bytes.ts';
import type { TextCursor } from './text-cursor.ts';

/**
 * Cuts a text into lines and yields those that hold a candidate. Only LF ends a line: kube-apiserver writes U+0085 and
 * U+2028 as they are. The last line is always yielded if no LF ends it.
 */
export async function* lines(cursor: TextCursor, options: FrameOptions): AsyncGenerator<Frame> {
  for (;;) {
    const { bytes, at, base } = cursor;
    const hit = options.nextCandidate(bytes, at);
    // without a candidate, the last line, which may continue
    const start = at + 1 + bytes.subarray(at, hit < 0 ? bytes.length : hit).lastIndexOf(lf);
    const lineEnd = bytes.indexOf(lf, Math.max(hit, start));
    const isOpen = lineEnd < 0;
    const end = isOpen ? bytes.length : lineEnd;
    cursor.at = start;
    if (end - start > options.maxRecordBytes) return yield* documents(cursor, options);
    if (isOpen && !cursor.isLast) {
      await cursor.extend();
      continue;
    }
    cursor.at = isOpen ? end : end + 1;
    const line = bytes.subarray(start, trimEnd(bytes, start, end));
    const framing = isOpen ? 'last-line' : 'line';
    if (line.length > 0) yield { kind: 'record', offset: base + start, bytes: line, framing };
    if (isOpen) return;
  }
}
