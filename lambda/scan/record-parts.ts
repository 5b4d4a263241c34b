import type { Frame, FrameOptions } from '../framing/frame.ts';
import { colon, openingBrace, openingBracket } from '../framing/json-bytes.ts';
import { RecordReader } from '../framing/record-reader.ts';

const notBeforeObject = /[^\s,[]/;

/**
 * What is in a record that is not read as a whole. Words of a forwarder may be before its first object.
 * @param base - where the record begins in the input
 */
export function partsOf(bytes: Buffer, base: number, options: FrameOptions): Iterable<Frame> {
  const start = bytes.indexOf(openingBrace);
  if (start < 0) return [];
  const at = notBeforeObject.test(bytes.toString('latin1', 0, start)) ? start : 0;
  const window = { bytes, at, base, isLast: true, searchedTo: 0 };
  return new RecordReader(window, 'certain', options).read();
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
