import { isMember, nextOpening } from '../framing/document-boundaries.ts';
import { type Frame, type FrameOptions, headBytes } from '../framing/frame.ts';
import { colon, openingBrace, openingBracket } from '../framing/json-bytes.ts';
import { RecordReader } from '../framing/record-reader.ts';

const notBeforeObject = /[^\s,[]/;

/**
 * What is in a record that is not read as a whole. Words of a forwarder may be before its first object; if a key is there,
 * the record is the rest of a document, and the object may be in the body of a request.
 * @param base - where the record begins in the input
 */
export function* partsOf(bytes: Buffer, base: number, options: FrameOptions): Iterable<Frame> {
  const start = bytes.indexOf(openingBrace);
  if (start < 0) return;
  const opening = nextOpening(bytes.subarray(0, start + headBytes), 0);
  const isRest = opening <= start && isMember(bytes, opening);
  const at = !isRest && notBeforeObject.test(bytes.toString('latin1', 0, start)) ? start : 0;
  const reader = new RecordReader({ bytes, at, base, isLast: true, searchedTo: 0 }, options);
  reader.place = isRest ? 'lost' : 'certain';
  if (isRest) {
    const head = bytes.subarray(0, Math.min(opening, headBytes));
    yield { kind: 'malformed', offset: base, bytes: head, reason: 'the beginning of a document is missing' };
  }
  yield* reader.read();
}

/** Counts what opens objects and lists and what follows keys, within strings, too, which may be parsed as well. */
export function hasMoreValues(bytes: Buffer, limit: number): boolean {
  let count = 0;
  // the iterator of a buffer takes several times as long
  for (let index = 0; index < bytes.length; index += 1) {
    const byte = bytes[index];
    if (byte !== openingBrace && byte !== openingBracket && byte !== colon) continue;
    count += 1;
    if (count > limit) return true;
  }
  return false;
}
