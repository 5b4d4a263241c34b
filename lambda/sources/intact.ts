import { isBlank, lf, quote } from './json-bytes.ts';

/** Deeper objects are given up: no audit event is, and a hostile one must not grow the memory. */
const maxDepth = 10_000;
const key = /^[A-Za-z_@]/;
/** A list whose items are records of their own: an EventList's, a subscription envelope's. */
const recordList = /"(?:items|logEvents)"\s*:\s*$/;
const recordListBytes = 32;
const number = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
const longestNumber = 1_024;

/** What stands in bytes that are no JSON text as a whole, in order; offsets are in the bytes. */
export type Piece =
  /** An object that JSON.parse reads; `within` what is broken, or by itself. */
  | { readonly kind: 'object'; readonly from: number; readonly to: number; readonly within: boolean }
  | { readonly kind: 'broken'; readonly from: number; readonly reason: string };

/**
 * Finds what is intact beside what is broken, each byte looked at a bounded number of times: an object that holds a
 * fault can't be read, nor can any around it, so that after one only what closed before it and what begins after it
 * is left.
 */
export function* piecesOf(bytes: Buffer): Generator<Piece> {
  let at = bytes.indexOf('{');
  let lost = false;
  // before the first one a forwarder's prefix may stand
  const isList = /^\s*\[\s*$/.test(bytes.subarray(0, Math.max(0, at)).toString('latin1'));
  let end = isList ? bytes.indexOf('[') : at;
  let inList = false;
  while (at >= 0) {
    const between = stray(bytes, end, at, inList);
    inList = between.inList;
    if (between.at !== undefined && !lost) {
      lost = true;
      yield { kind: 'broken', from: between.at, reason: 'a piece of a document between documents' };
    }
    const read = readObject(bytes, at);
    if (read.ok) {
      yield { kind: 'object', from: at, to: read.to, within: false };
      end = read.to;
      at = bytes.indexOf('{', end);
      if (lost) at = objectStart(bytes, end);
    } else {
      for (const [from, to] of read.closed) yield { kind: 'object', from, to, within: true };
      yield { kind: 'broken', from: read.from, reason: read.reason };
      lost = true;
      end = read.resumeAt;
      at = objectStart(bytes, end);
    }
  }
  const rest = stray(bytes, Math.max(0, end), bytes.length, inList);
  // lines of a list may have been told apart
  const isComma = rest.at !== undefined && bytes.toString('latin1', rest.at).trim() === ',';
  if (!lost && !isComma && (rest.at !== undefined || rest.inList))
    yield {
      kind: 'broken',
      from: rest.at ?? bytes.length,
      reason: 'a list or a document that is not closed',
    };
}

/**
 * Where an object surely begins, whether or not this is taken for the inside of a string: a brace, a quotation mark and
 * a letter. Inside a string that quotation mark would end it, and no letter may follow.
 * @returns -1 where there is none at or after `from`
 */
export function objectStart(bytes: Buffer, from: number): number {
  for (let at = bytes.indexOf('{', from); at >= 0; at = bytes.indexOf('{', at + 1))
    if (beginsObject(bytes, at) === true) return at;
  return -1;
}

/** @param at - of a brace; `undefined` where the bytes end before it can be told */
export function beginsObject(bytes: Buffer, at: number): boolean | undefined {
  let next = at + 1;
  while (isBlank(bytes[next])) next += 1;
  if (next + 1 >= bytes.length) return next < bytes.length && bytes[next] !== quote ? false : undefined;
  return bytes[next] === quote && key.test(String.fromCharCode(bytes[next + 1] ?? 0));
}

/** What stands between two documents and belongs there to neither. */
function stray(bytes: Buffer, from: number, to: number, inList: boolean): { at?: number; inList: boolean } {
  for (let at = from; at < to; at += 1) {
    const byte = bytes[at];
    if (isBlank(byte) || (byte === 0x2c && inList)) continue;
    if (byte === 0x5b && !inList) inList = true;
    else if (byte === 0x5d && inList) inList = false;
    else return { at, inList };
  }
  return { inList };
}

type Read =
  | { readonly ok: true; readonly to: number }
  | {
      readonly ok: false;
      readonly reason: string;
      /** Where the record that is broken begins. */
      readonly from: number;
      /** The largest objects that closed before. */
      readonly closed: readonly (readonly [from: number, to: number])[];
      /** Nothing intact begins before it. */
      readonly resumeAt: number;
    };

type Expected = 'value' | 'first-item' | 'first-key' | 'key' | 'colon' | 'next';
const takesValue: ReadonlySet<Expected> = new Set(['value', 'first-item']);
const takesKey: ReadonlySet<Expected> = new Set(['first-key', 'key']);

/** Reads an object as strictly as JSON.parse does. */
function readObject(bytes: Buffer, start: number): Read {
  const open: number[] = [];
  const closed: [number, number][] = [];
  let expected: Expected = 'value';
  let at = start;
  // a string that was lost sight of may have swallowed what follows: it is looked at from within
  const fault = (reason: string, resumeAt = at): Read => ({
    ok: false,
    reason,
    from: brokenRecord(bytes, open) ?? start,
    closed,
    resumeAt: Math.max(start + 1, resumeAt),
  });
  for (let lastString = start; ; ) {
    while (isBlank(bytes[at])) at += 1;
    if (at >= bytes.length) return fault('the document is not closed before the end');
    const character = String.fromCharCode(bytes[at] ?? 0);
    const isObject = bytes[open.at(-1) ?? at] === 0x7b;
    if (character === '"') {
      if (!takesValue.has(expected) && !takesKey.has(expected))
        return fault('a text follows a text', lastString + 1);
      const end = strictStringEnd(bytes, at);
      if (end < 0) return fault('a text is not closed, or holds what none may', at + 1);
      expected = takesKey.has(expected) ? 'colon' : 'next';
      lastString = at;
      at = end;
      continue;
    }
    if (character === '{' || character === '[') {
      if (!takesValue.has(expected)) return fault('a document begins before this one ended');
      if (open.length >= maxDepth) return fault(`it is nested deeper than ${maxDepth} levels`);
      open.push(at);
      expected = character === '{' ? 'first-key' : 'first-item';
    } else if (character === '}' || character === ']') {
      const mayClose = expected === 'next' || expected === (isObject ? 'first-key' : 'first-item');
      if (isObject !== (character === '}') || !mayClose)
        return fault('a bracket closes another kind', lastString + 1);
      const from = open.pop() ?? start;
      if (open.length === 0) return { ok: true, to: at + 1 };
      if (isObject) {
        while ((closed.at(-1)?.[0] ?? -1) > from) closed.pop();
        closed.push([from, at + 1]);
      }
      expected = 'next';
    } else if (character === ':' && expected === 'colon') expected = 'value';
    else if (character === ',' && expected === 'next') expected = isObject ? 'key' : 'value';
    else {
      const end = scalarEnd(bytes, at);
      if (end < 0 || !takesValue.has(expected)) return fault('something that is no value', lastString + 1);
      expected = 'next';
      at = end;
      continue;
    }
    at += 1;
  }
}

/** The item, where what is open is a list of records; the whole else. */
function brokenRecord(bytes: Buffer, open: readonly number[]): number | undefined {
  const [whole, list, item] = open;
  if (list === undefined || item === undefined || bytes[list] !== 0x5b) return whole;
  const before = bytes.subarray(Math.max(0, list - recordListBytes), list).toString('latin1');
  return recordList.test(before) ? item : whole;
}

/** @returns behind the closing quotation mark; -1 where there is none, or what JSON forbids before it */
function strictStringEnd(bytes: Buffer, from: number): number {
  for (let at = from + 1; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte === quote) return at + 1;
    if (byte < 0x20 || byte === lf) return -1;
    if (byte !== 0x5c) continue;
    at += 1;
    const escaped = String.fromCharCode(bytes[at] ?? 0);
    if (escaped === 'u') {
      if (!/^[\da-fA-F]{4}$/.test(bytes.subarray(at + 1, at + 5).toString('latin1'))) return -1;
      at += 4;
    } else if (!'"\\/bfnrt'.includes(escaped)) return -1;
  }
  return -1;
}

/** @returns behind a number, `true`, `false` or `null`; -1 where it is something else */
function scalarEnd(bytes: Buffer, from: number): number {
  let to = from;
  while (to - from < longestNumber && /[\w.+-]/.test(String.fromCharCode(bytes[to] ?? 0))) to += 1;
  const text = bytes.subarray(from, to).toString('latin1');
  return ['true', 'false', 'null'].includes(text) || number.test(text) ? to : -1;
}
