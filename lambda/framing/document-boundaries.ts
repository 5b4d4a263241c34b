import {
  backslash,
  blank,
  classes,
  colon,
  isBlank,
  isLetter,
  lf,
  openingBrace,
  openingBracket,
  quote,
} from './json-bytes.ts';

/** Documents are smaller as a rule; if one isn't, no boundary is found near it, which only costs time. */
const nearBytes = 65_536;
const betweenLines = Buffer.from('}\n{');
const direct = Buffer.from('}{"');

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
    if (isLetter(near[at + direct.length])) return start + at + 1;
  return -1;
}

/** So many bytes from its line feed on decide whether a line surely begins a document. */
export const lineStartBytes = 8;
/** A time as forwarders, kube-apiserver and klog begin a line with. */
const time = /^(?:\d{4}-|[IWEF]\d{4} )/;

/**
 * A line that surely begins a document or a text of its own, whatever stands before it.
 * @returns the offset behind the line feed, -1 if there is none
 */
export function lineStart(bytes: Buffer, from: number): number {
  for (let at = bytes.indexOf(lf, from); at >= 0; at = bytes.indexOf(lf, at + 1))
    if (beginsRecord(bytes, at + 1)) return at + 1;
  return -1;
}

/**
 * @param at - the first byte of a line. A nested object never begins there: pretty-printed ones are indented, and others
 *   have no line of their own
 */
function beginsRecord(bytes: Buffer, at: number): boolean {
  if (bytes[at] !== openingBrace) return time.test(bytes.toString('latin1', at, at + lineStartBytes - 1));
  const next = bytes[at + 1];
  return next === quote || (next !== undefined && classes[next] === blank);
}

/**
 * Where an object surely begins, whether or not this is taken for the inside of a string: a brace, a quotation mark and
 * a letter. Inside a string that quotation mark would end it, and no letter may follow.
 * @returns -1 if there is none at or after `from`
 */
export function objectStart(bytes: Buffer, from: number): number {
  for (let at = bytes.indexOf(openingBrace, from); at >= 0; at = bytes.indexOf(openingBrace, at + 1)) {
    let next = at + 1;
    while (next < bytes.length && classes[bytes[next] ?? 0] === blank) next += 1;
    if (bytes[next] === quote && isKeyStart(bytes[next + 1])) return at;
  }
  return -1;
}

/**
 * Where the value of a member surely begins, if it is an object or a list: `"key":{`. Inside a string the quotation mark
 * would be escaped.
 * @returns the offset of this quotation mark, so that bytes that begin there show the same; -1 if there is none
 */
export function memberStart(bytes: Buffer, from: number): number {
  for (let at = bytes.indexOf(colon, from); at >= 0; at = bytes.indexOf(colon, at + 1)) {
    const value = bytes[valueStart(bytes, at)];
    if (value !== openingBrace && value !== openingBracket) continue;
    let key = at - 1;
    while (key > from && isBlank(bytes[key])) key -= 1;
    if (key >= from && bytes[key] === quote && !isEscaped(bytes, key)) return key;
  }
  return -1;
}

/** The first byte of the value behind the next colon. */
export function valueStart(bytes: Buffer, from: number): number {
  let at = bytes.indexOf(colon, from) + 1;
  while (at < bytes.length && isBlank(bytes[at])) at += 1;
  return at;
}

function isEscaped(bytes: Buffer, at: number): boolean {
  let from = at;
  while (from > 0 && bytes[from - 1] === backslash) from -= 1;
  return (at - from) % 2 === 1;
}

function isKeyStart(byte: number | undefined): boolean {
  return isLetter(byte) || byte === 0x5f || byte === 0x40;
}
