import { beginningAt } from './document-boundaries.ts';
import { type Frame, type FrameOptions, headBytes } from './frame.ts';
import { lf } from './json-bytes.ts';
import { JsonReader, type Reading } from './json-reader.ts';
import { lookaheadBytes, RecordReader } from './record-reader.ts';
import { kept } from './released-chunk.ts';
import type { TextCursor } from './text-cursor.ts';

/** No literal is longer: no value of a keyword is. So many bytes at the end of a window may hold the beginning of one. */
const borderBytes = 1_024;

/**
 * Cuts a text into its top-level JSON documents and the items of its lists. It ends with the region of the first
 * malformed document, after which the text may be framed in another way. The window grows up to the size of a record, so
 * memory stays flat, and each byte is read a bounded number of times.
 */
export async function* documents(cursor: TextCursor, options: FrameOptions): AsyncGenerator<Frame> {
  const reader = new RecordReader(cursor, options);
  for (;;) {
    yield* reader.read();
    if (reader.place === 'over' || cursor.isLast) return;
    if (cursor.unreadBytes <= options.maxRecordBytes + lookaheadBytes) await cursor.extend();
    else if ((yield* longRecord(cursor, options)).kind === 'fault') reader.fail('lost', cursor.offset);
  }
}

/** Reads to the end of a record that is too long to be parsed: its beginning is kept, and the rest is only searched. */
async function* longRecord(cursor: TextCursor, options: FrameOptions): AsyncGenerator<Frame, Reading> {
  const { offset } = cursor;
  const head = kept(cursor.bytes.subarray(cursor.at, cursor.at + headBytes));
  const isText = beginningAt(cursor.bytes, cursor.at) === 'text';
  const reader = new JsonReader();
  let reading: Reading = { kind: 'open' };
  let isCandidate = false;
  for (let read = 0; reading.kind === 'open'; ) {
    const { bytes, at } = cursor;
    reading = isText ? readLine(bytes, at + read) : reader.read(bytes, at + read);
    const to = reading.kind === 'open' ? bytes.length : reading.at;
    isCandidate ||= options.nextCandidate(bytes.subarray(at, to), 0) >= 0;
    cursor.at = reading.kind === 'open' && !cursor.isLast ? Math.max(at, to - borderBytes) : to;
    read = to - cursor.at;
    if (cursor.isLast) break;
    if (reading.kind === 'open') await cursor.extend();
  }
  if (isCandidate) yield { kind: 'too-long', offset, bytes: cursor.offset - offset, head };
  return reading;
}

function readLine(bytes: Buffer, from: number): Reading {
  const at = bytes.indexOf(lf, from);
  return at < 0 ? { kind: 'open' } : { kind: 'ended', at };
}
