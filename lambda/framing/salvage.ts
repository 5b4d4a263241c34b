import { isBlank, lf, quote } from './json-bytes.ts';
import { objectStart } from './restart.ts';

/** Deeper objects are given up: no audit event is, and a hostile one must not grow the memory. */
const maxDepth = 10_000;
/** A list whose items are records of their own: an EventList's, a subscription envelope's. */
const recordList = /"(?:items|logEvents)"\s*:\s*$/;
const recordListBytes = 32;
const number = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
const longestNumber = 1_024;

const eventKey = Buffer.from('"auditID"');

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
export function* salvagedEvents(bytes: Buffer): Generator<Piece> {
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
      for (const { from, to } of read.closed) yield { kind: 'object', from, to, within: true };
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

/** An object that closed inside of one that is broken. */
interface Closed {
  readonly from: number;
  readonly to: number;
}

/** Of what is open: whether it has an event's key, and how many events lie in one another within, up to two. */
interface Open {
  readonly at: number;
  isEvent: boolean;
  eventsWithin: number;
}

/**
 * Keeps the largest objects that closed; of one that has events in it, these, and itself only where it looks like an
 * event: a list of the broken record may have swallowed whole ones. However deep they lie, a byte is in two at most.
 */
function close(closed: Closed[], { at, isEvent, eventsWithin }: Open, to: number): void {
  if (eventsWithin === 0) while ((closed.at(-1)?.from ?? -1) > at) closed.pop();
  if (eventsWithin === 0 || (isEvent && eventsWithin === 1)) closed.push({ from: at, to });
}

type Read =
  | { readonly ok: true; readonly to: number }
  | {
      readonly ok: false;
      readonly reason: string;
      /** Where the record that is broken begins. */
      readonly from: number;
      readonly closed: readonly Closed[];
      /** Nothing intact begins before it. */
      readonly resumeAt: number;
    };

type Expected = 'value' | 'first-item' | 'first-key' | 'key' | 'colon' | 'next';
const takesValue: ReadonlySet<Expected> = new Set(['value', 'first-item']);
const takesKey: ReadonlySet<Expected> = new Set(['first-key', 'key']);

/** Reads an object as strictly as JSON.parse does. */
function readObject(bytes: Buffer, start: number): Read {
  const open: Open[] = [];
  const closed: Closed[] = [];
  let expected: Expected = 'value';
  let at = start;
  // a string that was lost sight of may have swallowed what follows: it is looked at from within
  const fault = (reason: string, resumeAt = at): Read => ({
    ok: false,
    reason,
    from: brokenRecord(bytes, open, at) ?? start,
    closed: closed.toSorted((one, other) => one.from - other.from),
    resumeAt: Math.max(start + 1, resumeAt),
  });
  for (let lastString = start; ; ) {
    while (isBlank(bytes[at])) at += 1;
    if (at >= bytes.length) return fault('the document is not closed before the end');
    const character = String.fromCharCode(bytes[at] ?? 0);
    const isObject = bytes[open.at(-1)?.at ?? at] === 0x7b;
    if (character === '"') {
      if (!takesValue.has(expected) && !takesKey.has(expected))
        return fault('a text follows a text', lastString + 1);
      const end = strictStringEnd(bytes, at);
      const top = open.at(-1);
      if (top && takesKey.has(expected) && bytes.subarray(at, end).equals(eventKey)) top.isEvent = true;
      if (end < 0) return fault('a text is not closed, or holds what none may', at + 1);
      expected = takesKey.has(expected) ? 'colon' : 'next';
      lastString = at;
      at = end;
      continue;
    }
    if (character === '{' || character === '[') {
      if (!takesValue.has(expected)) return fault('a document begins before this one ended');
      if (open.length >= maxDepth) return fault(`it is nested deeper than ${maxDepth} levels`);
      open.push({ at, isEvent: false, eventsWithin: 0 });
      expected = character === '{' ? 'first-key' : 'first-item';
    } else if (character === '}' || character === ']') {
      const mayClose = expected === 'next' || expected === (isObject ? 'first-key' : 'first-item');
      if (isObject !== (character === '}') || !mayClose)
        return fault('a bracket closes another kind', lastString + 1);
      const ended = open.pop();
      const around = open.at(-1);
      if (!ended || !around) return { ok: true, to: at + 1 };
      if (isObject) close(closed, ended, at + 1);
      const events = Math.min(2, ended.eventsWithin + (ended.isEvent ? 1 : 0));
      around.eventsWithin = Math.max(around.eventsWithin, events);
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

/** The item, or what stands in its place, where what is open is a list of records; the whole else. */
function brokenRecord(bytes: Buffer, open: readonly Open[], at: number): number | undefined {
  const [whole, list, item] = open;
  if (list === undefined || bytes[list.at] !== 0x5b) return whole?.at;
  const before = bytes.toString('latin1', Math.max(0, list.at - recordListBytes), list.at);
  return recordList.test(before) ? (item?.at ?? at) : whole?.at;
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
