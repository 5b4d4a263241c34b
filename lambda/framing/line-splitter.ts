import { type Frame, type FrameOptions, headBytes } from './frame.ts';
import { isBlank, lf, openingBrace, openingBracket, trimEnd } from './json-bytes.ts';
import { malformedRegion, salvaged } from './malformed-region.ts';
import { RecordParts } from './record-parts.ts';
import { documentBegins } from './salvage.ts';
import type { TextCursor } from './text-cursor.ts';

/**
 * Cuts a text into lines and yields those that hold a candidate. Only LF ends a line: kube-apiserver writes U+0085 and
 * U+2028 as they are. The last line is always yielded if no LF ends it.
 */
export async function* lines(cursor: TextCursor, options: FrameOptions): AsyncGenerator<Frame> {
  do {
    const { bytes, at } = cursor;
    const end = bytes.lastIndexOf(lf) + 1;
    if (end > at) {
      yield* candidatesIn(bytes, at, end, cursor.offset - at, options);
      cursor.at = end;
    }
    if (cursor.at < bytes.length) yield* splitLine(cursor, options);
  } while (cursor.at < cursor.bytes.length || (await cursor.next()));
}

/**
 * The lines of one chunk.
 * @param to - behind the last line feed
 * @param offset - of the chunk
 */
function* candidatesIn(
  bytes: Buffer,
  at: number,
  to: number,
  offset: number,
  options: FrameOptions,
): Generator<Frame> {
  let from = at;
  let skipped = 0;
  while (from < to) {
    const hit = options.nextCandidate(bytes, from);
    if (hit < 0 || hit >= to) break;
    const start = hit === from ? from : Math.max(from, bytes.lastIndexOf(lf, hit - 1) + 1);
    const end = bytes.indexOf(lf, hit) + 1;
    const line = bytes.subarray(start, trimEnd(bytes, start, end));
    skipped += start - from;
    if (line.length > options.maxRecordBytes) yield* longLine(line, offset + start, options);
    else if (line.length > 0) yield { kind: 'record', offset: offset + start, bytes: line, framing: 'line' };
    from = end;
  }
  skipped += to - from;
  if (skipped > 0) yield { kind: 'skipped', bytes: skipped };
}

/** A line that continues in the next chunks, up to its line feed or the end of the text. */
async function* splitLine(cursor: TextCursor, options: FrameOptions): AsyncGenerator<Frame> {
  const start = cursor.offset;
  const line = new RecordParts(options);
  do {
    const { bytes, at } = cursor;
    const end = bytes.indexOf(lf, at);
    cursor.at = end < 0 ? bytes.length : end;
    line.push(bytes.subarray(at, cursor.at));
    if (line.exceedsLimit && beginsJson(line.parts)) {
      cursor.back(line.parts);
      yield* malformedRegion(cursor, 0, documentBegins(), options, lineEnd);
      return;
    }
    if (line.exceedsLimit) line.shorten();
    if (end >= 0) {
      cursor.at += 1;
      line.push(bytes.subarray(end, cursor.at));
      yield line.frame(start, 'line');
      return;
    }
  } while (await cursor.next());
  yield line.frame(start, 'last-line');
}

function* longLine(line: Buffer, offset: number, options: FrameOptions): Generator<Frame> {
  if (beginsJson([line])) yield* salvaged(line, offset, documentBegins(), options);
  // a copy, so that the rest of the line does not stay in memory
  else yield { kind: 'too-long', offset, bytes: line.length, head: Buffer.from(line.subarray(0, headBytes)) };
}

function lineEnd(bytes: Buffer, from: number): number {
  return bytes.indexOf(lf, from);
}

function beginsJson(parts: readonly Buffer[]): boolean {
  for (const part of parts) {
    const first = part.find((byte) => !isBlank(byte));
    if (first !== undefined) return first === openingBrace || first === openingBracket;
  }
  return false;
}
