import { afterBracket } from './detect-framing.ts';
import { boundaryBefore, lineStart } from './document-boundaries.ts';
import type { Frame, FrameOptions } from './frame.ts';
import {
  classes,
  closingBracket,
  comma,
  isBlank,
  lf,
  openingBrace,
  openingBracket,
  scalar,
} from './json-bytes.ts';
import { JsonReader, type Reading } from './json-reader.ts';
import { malformedRegion } from './malformed-region.ts';
import { RecordParts } from './record-parts.ts';
import { documentBegins, recordListIn } from './salvage.ts';
import type { TextCursor } from './text-cursor.ts';

/** An EventList names its items within these. */
const probedBytes = 4_096;

/**
 * Cuts a text into its top-level JSON documents: pretty-printed ones, those with nothing between them, and the items of a
 * top-level list of objects; lines of text may be among them. It ends with the region of the first malformed document,
 * after which the text may be framed in another way.
 *
 * Documents without a candidate are skipped unread: of `{"a":1}{"b":2}{"csr":3}` with the candidate `csr` only the last
 * one is read. A document surely begins there, because `}{"` followed by a letter cannot be inside a string. Items of a
 * list have no such boundary, so all are read: one after another in WebAssembly up to the one with the candidate.
 */
export async function* documents(cursor: TextCursor, options: FrameOptions): AsyncGenerator<Frame> {
  const reader = new JsonReader();
  let inList = false;
  let isLineStart = true;
  const skipped = { bytes: 0 };
  for (;;) {
    if (cursor.at === cursor.bytes.length) {
      yield* flushed(skipped);
      if (!(await cursor.next())) break;
      continue;
    }
    const byte = cursor.bytes[cursor.at] ?? 0;
    const isBracket: boolean = byte === openingBracket && !inList;
    const opens: 'list' | 'document' | 'text' | undefined = isBracket
      ? await afterBracket(cursor, options.maxRecordBytes)
      : undefined;
    const { bytes, at } = cursor;
    if (byte === openingBrace || opens === 'document') {
      isLineStart = false;
      if (!inList && at >= cursor.searchedTo) skipped.bytes += skipDocuments(cursor, options);
      const { at: from, offset } = cursor;
      // these bytes are searched once, however many documents are in them
      const hit = options.nextCandidate(bytes, from);
      const to = reader.skip(bytes, from, hit < 0 ? bytes.length : hit, options.maxRecordBytes);
      if (to > from) {
        cursor.at = to;
        skipped.bytes += to - from;
        continue;
      }
      reader.begin();
      const reading = reader.read(bytes, from);
      if (reading.kind !== 'ended' || reading.at - from > options.maxRecordBytes) {
        yield* flushed(skipped);
        if (!(yield* readOn(cursor, reader, reading, options))) return;
        continue;
      }
      cursor.at = reading.at;
      if (hit < 0 || hit >= reading.at) skipped.bytes += reading.at - from;
      else yield { kind: 'record', offset, bytes: bytes.subarray(from, reading.at), framing: 'document' };
    } else if (opens === 'text' || (classes[byte] === scalar && !inList)) {
      yield* text(cursor, isLineStart, options);
    } else if (isBlank(byte) || opens === 'list' || (inList && isBetweenItems(byte))) {
      if (byte === lf) isLineStart = true;
      if (opens === 'list' || byte === closingBracket) inList = opens === 'list';
      cursor.at += 1;
      skipped.bytes += 1;
    } else {
      yield* flushed(skipped);
      return yield* malformedRegion(cursor, at + 1, documentBegins(), options, recordStart);
    }
  }
  if (inList)
    yield {
      kind: 'malformed',
      offset: cursor.offset,
      bytes: cursor.bytes,
      reason: 'a list is not closed before the end',
    };
}

function* flushed(skipped: { bytes: number }): Generator<Frame> {
  if (skipped.bytes > 0) yield { kind: 'skipped', bytes: skipped.bytes };
  skipped.bytes = 0;
}

/** Skips whole documents without a candidate, which need not be separated. */
function skipDocuments(cursor: TextCursor, { nextCandidate }: FrameOptions): number {
  const { bytes, at } = cursor;
  const hit = nextCandidate(bytes, at);
  cursor.searchedTo = hit < 0 ? bytes.length : hit;
  const boundary = boundaryBefore(bytes, at, cursor.searchedTo);
  if (boundary < 0) return 0;
  cursor.at = boundary;
  return boundary - at;
}

/**
 * A document that continues in the next chunks, or is malformed or too long.
 * @returns whether it ended as a document does
 */
async function* readOn(
  cursor: TextCursor,
  reader: JsonReader,
  first: Reading,
  options: FrameOptions,
): AsyncGenerator<Frame, boolean> {
  const start = cursor.offset;
  const record = new RecordParts(options);
  let reading = first;
  let isList = false;
  for (;;) {
    const { bytes, at } = cursor;
    cursor.at = reading.kind === 'open' ? bytes.length : reading.at;
    record.push(bytes.subarray(at, cursor.at));
    isList = record.exceedsLimit && opensRecordList(record.parts);
    if (record.exceedsLimit && !isList) record.shorten();
    if (isList || reading.kind !== 'open' || !(await cursor.next())) break;
    reading = reader.read(cursor.bytes, 0);
  }
  const isWhole = reading.kind === 'ended' && !isList;
  if (isWhole || record.isShortened) yield record.frame(start, 'document');
  if (isWhole) return true;
  const read = record.isShortened ? 0 : cursor.offset - start;
  cursor.back(record.parts);
  yield* malformedRegion(cursor, cursor.at + read, documentBegins(), options, recordStart);
  return false;
}

/** A text goes to the end of its line; one that begins within a line ends before a document, too. */
async function* text(cursor: TextCursor, isLineStart: boolean, options: FrameOptions): AsyncGenerator<Frame> {
  const start = cursor.offset;
  const record = new RecordParts(options);
  let isOver = false;
  do {
    const { bytes, at } = cursor;
    const line = bytes.indexOf(lf, at);
    const end = line < 0 ? bytes.length : line;
    const document = isLineStart ? -1 : bytes.subarray(at, end).indexOf(openingBrace);
    isOver = line >= 0 || document >= 0;
    cursor.at = document < 0 ? end : at + document;
    record.push(bytes.subarray(at, cursor.at));
    if (record.exceedsLimit) record.shorten();
  } while (!isOver && (await cursor.next()));
  yield record.frame(start, 'line');
}

function isBetweenItems(byte: number): boolean {
  return byte === comma || byte === closingBracket || classes[byte] === scalar;
}

function opensRecordList(parts: readonly Buffer[]): boolean {
  const head = Buffer.concat(parts.map((part) => part.subarray(0, probedBytes))).subarray(0, probedBytes);
  const reader = new JsonReader();
  reader.begin();
  reader.read(head, 0);
  return recordListIn(head, reader) !== undefined;
}

/** A line feed right before `from` counts. */
function recordStart(bytes: Buffer, from: number): number {
  return lineStart(bytes, Math.max(0, from - 1));
}
