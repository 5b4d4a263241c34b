import { lineStartBytes } from './document-boundaries.ts';
import { type Frame, type FrameOptions, headBytes } from './frame.ts';
import { trimEnd } from './json-bytes.ts';
import { RecordParts } from './record-parts.ts';
import { type Place, type Salvaged, salvage } from './salvage.ts';
import type { TextCursor } from './text-cursor.ts';

/** @returns where a region ends at or after `from`, -1 if it continues behind the bytes */
export type RegionEnd = (bytes: Buffer, from: number) => number;

/**
 * Salvages the bytes from a malformed or oversized record to the end of its region. A longer region than a record may be
 * is salvaged in windows of that length: of `{"items":[{…},{…},{"a` the first two items are read, and the third again
 * with the bytes behind it. So memory stays flat, and each byte is read a bounded number of times.
 * @param from - the first byte of the cursor's at which the region may end
 */
export async function* malformedRegion(
  cursor: TextCursor,
  from: number,
  place: Place,
  options: FrameOptions,
  regionEnd: RegionEnd,
): AsyncGenerator<Frame> {
  let searched = from;
  for (;;) {
    const end = regionEnd(cursor.bytes, searched);
    if (end >= 0) return yield* lastWindow(cursor, end, place, options);
    // the last bytes may be the beginning of what ends the region
    const to = Math.max(cursor.at, cursor.bytes.length - lineStartBytes);
    if (to - cursor.at > options.maxRecordBytes) {
      const { bytes, at, offset } = cursor;
      cursor.at += yield* salvaged(bytes.subarray(at, to), offset, place, options, false);
      if (to - cursor.at > options.maxRecordBytes) return yield* tooLong(cursor, to, options, regionEnd);
    }
    searched = to - cursor.at;
    if (!(await cursor.extend())) return yield* lastWindow(cursor, cursor.bytes.length, place, options);
  }
}

function* lastWindow(cursor: TextCursor, end: number, place: Place, options: FrameOptions): Generator<Frame> {
  const { bytes, at, offset } = cursor;
  cursor.at = end;
  yield* salvaged(bytes.subarray(at, end), offset, place, options);
}

/** A record that is longer than a window: it is taken to go to the end of the region. */
async function* tooLong(
  cursor: TextCursor,
  searched: number,
  options: FrameOptions,
  regionEnd: RegionEnd,
): AsyncGenerator<Frame> {
  const { offset } = cursor;
  const record = new RecordParts(options);
  let from = searched;
  for (let isOver = false; !isOver; ) {
    const { bytes, at } = cursor;
    const end = regionEnd(bytes, from);
    isOver = end >= 0;
    cursor.at = isOver ? end : Math.max(at, bytes.length - lineStartBytes);
    record.push(bytes.subarray(at, cursor.at));
    if (record.exceedsLimit) record.shorten();
    if (!isOver && !(await cursor.extend())) {
      record.push(cursor.bytes.subarray(cursor.at));
      cursor.at = cursor.bytes.length;
      isOver = true;
    }
    from = 0;
  }
  yield record.frame(offset, 'item');
}

/**
 * The candidates in bytes that are no JSON document as a whole.
 * @param isEnd - the region ends here
 * @param maxWholeBytes - a longer object is read item by item if it is a list of records
 * @returns from where the bytes have to be read again, with more behind them
 */
export function* salvaged(
  bytes: Buffer,
  offset: number,
  place: Place,
  options: FrameOptions,
  isEnd = true,
  maxWholeBytes = options.maxRecordBytes,
): Generator<Frame, number> {
  const pieces = salvage(bytes, place, isEnd, maxWholeBytes);
  let skipped = 0;
  let next = pieces.next();
  while (!next.done) {
    const piece = next.value;
    next = pieces.next();
    const end = next.done ? next.value : next.value.from;
    const to = piece.kind === 'object' ? piece.to : end;
    const hit = options.nextCandidate(bytes, piece.from);
    if (piece.kind === 'malformed' || (hit >= 0 && hit < to))
      yield frameOf(piece, bytes.subarray(piece.from, to), offset + piece.from, options);
    else skipped += to - piece.from;
    skipped += end - to;
  }
  if (skipped > 0) yield { kind: 'skipped', bytes: skipped };
  return next.value;
}

function frameOf(piece: Salvaged, bytes: Buffer, offset: number, { maxRecordBytes }: FrameOptions): Frame {
  const head = bytes.subarray(0, Math.min(trimEnd(bytes, 0, bytes.length), headBytes));
  if (piece.kind === 'malformed') return { kind: 'malformed', offset, bytes: head, reason: piece.reason };
  if (bytes.length > maxRecordBytes) return { kind: 'too-long', offset, bytes: bytes.length, head };
  return { kind: 'record', offset, bytes, framing: piece.isCertain ? 'item' : 'salvaged' };
}
