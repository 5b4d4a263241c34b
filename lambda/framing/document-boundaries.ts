import {
  backslash,
  beginsKey,
  classes,
  closingBrace,
  closingBracket,
  colon,
  comma,
  isBlank,
  lf,
  open,
  openingBrace,
  openingBracket,
  quote,
  scalar,
} from './json-bytes.ts';

/** Documents are smaller as a rule; if one isn't, no boundary is found near it, which only costs time. */
export const nearBytes = 65_536;
const betweenLines = Buffer.from('}\n{');
const direct = Buffer.from('}{"');
/** What is before an opening brace, and behind it, in a boundary. */
export const boundaryBytes = 3;

/**
 * Where one top-level document surely ends and another begins, seen without reading either: a closing brace, a line
 * feed and an opening brace (no string holds a line feed), or `}{"` and a letter (inside a string the quotation mark
 * would end it, and no letter may follow that).
 * @returns the offset of the opening brace of the last boundary from `from` to `to`, -1 if there is none near `to`
 */
export function boundaryBefore(bytes: Buffer, from: number, to: number): number {
  const start = Math.max(from, to - nearBytes);
  const near = bytes.subarray(start, to);
  const line = near.lastIndexOf(betweenLines);
  if (line >= 0) return start + line + 2;
  for (let at = near.lastIndexOf(direct); at >= 0; at = at > 0 ? near.lastIndexOf(direct, at - 1) : -1)
    if (beginsKey(near[at + direct.length])) return start + at + 1;
  return -1;
}

/** A time as forwarders, kube-apiserver and klog begin a line with. */
const time = /^(?:\d{4}-|[IWEF]\d{4} )/;
const timeBytes = 7;
const timeBegins = new Set(Buffer.from('0123456789IWEF'));

/**
 * A line that surely begins a document or a text of its own, whatever stands before it.
 * @returns the offset behind the line feed, -1 if there is none
 */
export function lineStart(bytes: Buffer, from: number): number {
  for (let at = bytes.indexOf(lf, from); at >= 0; at = bytes.indexOf(lf, at)) {
    // a log that was truncated in place has millions of empty lines
    while (bytes[at] === lf) at += 1;
    if (beginsRecord(bytes, at)) return at;
  }
  return -1;
}

/**
 * @param at - the first byte of a line. A nested object never begins there: pretty-printed ones are indented, and others
 *   have no line of their own
 */
function beginsRecord(bytes: Buffer, at: number): boolean {
  const byte = bytes[at] ?? 0;
  if (byte !== openingBrace)
    return timeBegins.has(byte) && time.test(bytes.toString('latin1', at, at + timeBytes));
  return bytes[at + 1] === quote || isBlank(bytes[at + 1]);
}

/**
 * The next object or list about which something is sure, whether or not it is taken for the inside of a string: one that
 * begins an object, or is the value of a member.
 * @returns the end of the bytes if there is none at or after `from`
 */
export function nextOpening(bytes: Buffer, from: number): number {
  for (let at = from; at < bytes.length; at += 1)
    if (classes[bytes[at] ?? 0] === open && (beginsObject(bytes, at) || isMember(bytes, at))) return at;
  return bytes.length;
}

/** `{"key`: inside a string that quotation mark would end it, and no letter may follow. */
export function beginsObject(bytes: Buffer, at: number): boolean {
  let next = at + 1;
  while (isBlank(bytes[next])) next += 1;
  return bytes[at] === openingBrace && bytes[next] === quote && beginsKey(bytes[next + 1]);
}

/** `"key":{`, `"key":[`: inside a string that quotation mark would be escaped. */
export function isMember(bytes: Buffer, at: number): boolean {
  const colonAt = lastBefore(bytes, at);
  const key = lastBefore(bytes, colonAt);
  let escapes = 0;
  while (bytes[key - escapes - 1] === backslash) escapes += 1;
  return bytes[colonAt] === colon && bytes[key] === quote && escapes % 2 === 0;
}

/** The last byte that is not blank. */
function lastBefore(bytes: Buffer, to: number): number {
  let at = to - 1;
  while (isBlank(bytes[at])) at -= 1;
  return at;
}

/**
 * What begins at a byte between documents. A list of objects is cut into them. Any other list is one document, and a word
 * in brackets begins a text.
 */
export function beginningAt(bytes: Buffer, at: number): 'document' | 'list' | 'text' | 'other' {
  const byte = bytes[at] ?? 0;
  if (byte === openingBrace) return 'document';
  if (byte !== openingBracket) return classes[byte] === scalar ? 'text' : 'other';
  let next = at + 1;
  while (isBlank(bytes[next])) next += 1;
  const item = bytes[next];
  if (item === openingBrace) return 'list';
  // if the bytes end here, this is decided with more of them
  const isDocument =
    item === undefined || item === quote || item === openingBracket || item === closingBracket;
  return isDocument ? 'document' : 'text';
}

/** What documents are in: a list, or the list of records of an object that was entered to read its items one by one. */
export type Container = 'none' | 'list' | 'records';

/**
 * White space, commas, and the brackets of lists may be between two documents, and in a list numbers and words.
 * @returns what the documents behind such a byte are in, `undefined` if it is none
 */
export function containerBehind(
  bytes: Buffer,
  at: number,
  container: Container,
  isSalvage: boolean,
): Container | undefined {
  const byte = bytes[at] ?? 0;
  if (isBlank(byte) || byte === comma) return container;
  const isBracket = byte === openingBracket || byte === closingBracket;
  if (container !== 'none') {
    if (byte === (container === 'list' ? closingBracket : closingBrace)) return 'none';
    return isBracket || classes[byte] === scalar ? container : undefined;
  }
  if (isSalvage ? byte === openingBracket : beginningAt(bytes, at) === 'list') return 'list';
  return isSalvage && isBracket ? 'none' : undefined;
}

/** A text goes to the end of its line; one that begins within a line ends before a document, too. */
export function textEnd(bytes: Buffer, from: number): number {
  const line = bytes.indexOf(lf, from);
  const end = line < 0 ? bytes.length : line;
  const before = lastBefore(bytes, from);
  const isLineStart = before < 0 || bytes.subarray(before, from).includes(lf);
  const document = isLineStart ? -1 : bytes.subarray(from, end).indexOf(openingBrace);
  return document < 0 ? end : from + document;
}
