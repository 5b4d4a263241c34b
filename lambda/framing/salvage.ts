import { lineStart, memberStart, objectStart, valueStart } from './document-boundaries.ts';
import { closingBrace, closingBracket, comma, isBlank, openingBrace, openingBracket } from './json-bytes.ts';
import { JsonReader } from './json-reader.ts';

/** The last bytes before a list whose items are records: an EventList's, a subscription envelope's, other envelopes'. */
const recordListKey = /"(?:items|logEvents|events|[rR]ecords|entries)"\s*:\s*$/;
const keyBytes = 32;

/** What is found in bytes that are no JSON document as a whole, in order; offsets are in the bytes. */
export type Salvaged =
  /** A whole object; `isCertain` unless it follows something malformed, of which it may be a part. */
  | { readonly kind: 'object'; readonly from: number; readonly to: number; readonly isCertain: boolean }
  | { readonly kind: 'malformed'; readonly from: number; readonly reason: string };

/** What is known of the place between two windows of one region. */
export interface Place {
  kind: 'prefix' | 'certain' | 'lost';
  /** In a list of records that was entered: its items are read one by one. */
  inRecords: boolean;
  openLists: number;
}

/** Where a line begins: a forwarder's prefix may stand before its first object. */
export const lineBegins = (): Place => ({ kind: 'prefix', inRecords: false, openLists: 0 });
/** Where a document begins that a fault was met in. */
export const documentBegins = (): Place => ({ kind: 'certain', inRecords: false, openLists: 0 });

/**
 * Reads the intact documents beside malformed ones: documents with nothing between them, items of a list, and whatever
 * begins after a fault. Of a malformed document only the items of its list of records count: what else closed within it
 * is not promoted to a record, since whoever sends a request chooses what its body holds. Each byte is looked at a
 * bounded number of times.
 * @param isEnd - the bytes end here; otherwise an object that is open at their end is not reported
 * @returns from where the bytes have to be read again, with more behind them
 */
export function* salvage(
  bytes: Buffer,
  place: Place,
  isEnd: boolean,
  maxRecordBytes: number,
): Generator<Salvaged, number> {
  const reader = new JsonReader();
  let at = 0;
  let line = lineStart(bytes, 0);
  let object = -1;
  let member = -1;
  for (;;) {
    if (line >= 0 && line <= at) line = lineStart(bytes, at);
    const part = line < 0 ? bytes : bytes.subarray(0, line);
    if (place.kind === 'lost') {
      if (object < at) object = orEnd(bytes, objectStart(bytes, at));
      if (member < at) member = orEnd(bytes, memberStart(bytes, at));
      // what a member holds is inside something malformed: whoever sends a request chooses what that is
      const value = member < Math.min(object, part.length) ? valueStart(part, member) : part.length;
      if (value < part.length) {
        reader.begin();
        const reading = reader.read(part, value);
        if (reading.kind === 'open' && line < 0 && !isEnd) return member;
        at = reading.kind === 'ended' ? reading.at : Math.max(value, reader.stringAt) + 1;
        continue;
      }
    }
    const found = place.kind === 'lost' ? object : part.indexOf(openingBrace, at);
    const start = found < part.length ? found : -1;
    const wasLost = place.kind === 'lost';
    yield* between(bytes, at, start < 0 ? part.length : start, place);
    // what begins at `start` may be a member of what was malformed
    if (place.kind === 'lost' && !wasLost) continue;
    if (start < 0) {
      if (line < 0) break;
      place.kind = 'certain';
      at = line;
      continue;
    }
    reader.begin();
    const reading = reader.read(part, start);
    const isWhole = reading.kind === 'ended' && reading.at - start <= maxRecordBytes;
    const list = isWhole || place.inRecords ? undefined : recordListIn(part, reader);
    if (list !== undefined) {
      enter(place);
      at = list + 1;
    } else if (reading.kind === 'ended') {
      yield { kind: 'object', from: start, to: reading.at, isCertain: place.kind === 'certain' };
      at = reading.at;
    } else if (reading.kind === 'open' && line < 0 && !isEnd) return start;
    else {
      const reason = reading.kind === 'fault' ? reading.reason : 'the document is not closed before the end';
      yield { kind: 'malformed', from: start, reason };
      place.kind = 'lost';
      // a string that was never closed ends at the first key of the document behind it
      at = Math.max(start, reader.stringAt) + 1;
    }
  }
  if (isEnd && place.kind === 'certain' && place.openLists > 0) {
    yield { kind: 'malformed', from: bytes.length, reason: 'a list is not closed before the end' };
  }
  return bytes.length;
}

function orEnd(bytes: Buffer, at: number): number {
  return at < 0 ? bytes.length : at;
}

/** Where a list of records opens directly in the object that was read last. */
export function recordListIn(bytes: Buffer, { listsAt }: JsonReader): number | undefined {
  return listsAt.find((at) => recordListKey.test(bytes.toString('latin1', Math.max(0, at - keyBytes), at)));
}

function enter(place: Place): void {
  place.kind = 'certain';
  place.inRecords = true;
  place.openLists += 1;
}

/** Reads what is between two documents: white space, commas, and the brackets of lists. */
function* between(bytes: Buffer, from: number, to: number, place: Place): Generator<Salvaged> {
  if (place.kind === 'lost') return;
  const isPrefix = place.kind === 'prefix';
  let { inRecords, openLists } = place;
  place.kind = 'certain';
  for (let at = from; at < to; at += 1) {
    const byte = bytes[at];
    if (isBlank(byte) || byte === comma) continue;
    if (byte === openingBracket) openLists += 1;
    else if (byte === closingBracket) openLists = Math.max(0, openLists - 1);
    else if (byte === closingBrace && inRecords && openLists === 0) inRecords = false;
    else if (isPrefix) return;
    else {
      place.kind = 'lost';
      yield { kind: 'malformed', from: at, reason: 'a piece of a document between documents' };
      return;
    }
  }
  Object.assign(place, { inRecords, openLists });
}
