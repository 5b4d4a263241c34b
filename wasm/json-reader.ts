/**
 * Reads the structure of a JSON document: lambda/framing/json-reader.ts explains what counts. Strings, which most of an
 * audit event consists of, are read 16 bytes at a time.
 */
import {
  bracketsAt,
  classesAt,
  completeToAt,
  depthAt,
  isEscapedAt,
  keysAt,
  lastStringAt,
  listCountAt,
  listsAt,
  maxDepth,
  maxLists,
  partAt,
  placeAt,
  readingEnded,
  readingFault,
  readingOpen,
  stateAt,
  stateColon,
  stateFirstItem,
  stateFirstKey,
  stateInKey,
  stateInScalar,
  stateInText,
  stateKey,
  stateNext,
  stateValue,
} from '../lambda/framing/memory-layout';

const backslash = 0x5c;
const quote = 0x22;
const comma = 0x2c;
const colon = 0x3a;
const openingBrace = 0x7b;
const openingBracket = 0x5b;
const closingBrace = 0x7d;
const closingBracket = 0x5d;
const classScalar = 0;
const classBlank = 1;
const classString = 2;
const classOpen = 3;
const classClose = 4;

/** The last byte was the backslash of an escape. */
let isEscaped: bool = false;

/**
 * @param from - in the part, which ends at `to`
 * @param base - where the part begins in the bytes whose places are reported
 */
export function read(from: i32, to: i32, base: i32): i32 {
  let depth = load<i32>(depthAt);
  let state = load<i32>(stateAt);
  let stringAt = load<i32>(lastStringAt);
  let completeTo = load<i32>(completeToAt);
  let lists = 0;
  let result = readingOpen;
  let at = from;
  isEscaped = load<i32>(isEscapedAt) !== 0;
  if (state === stateInScalar) {
    at = scalarEnd(at, to);
    if (at < to) {
      completeTo = base + at;
      state = stateNext;
    }
  }
  while (at < to) {
    if (state === stateInKey || state === stateInText) {
      at = stringEnd(at, to);
      if (at === to) break;
      if (load<u8>(partAt + at) !== quote) {
        result = readingFault;
        break;
      }
      at += 1;
      if (state === stateInKey) {
        store<i32>(keysAt + 8 * (depth - 1), stringAt);
        store<i32>(keysAt + 8 * (depth - 1), base + at, 4);
        state = stateColon;
      } else {
        completeTo = base + at;
        state = stateNext;
      }
      continue;
    }
    const byte = <i32>load<u8>(partAt + at);
    const kind = <i32>load<u8>(classesAt + byte);
    const isValue = state <= stateFirstItem;
    // a string may be an item of a list whose items are read one by one: it ends before what separates it from the next
    if (depth === 0 && state === stateNext && (byte === comma || byte === closingBracket)) {
      result = readingEnded;
      break;
    }
    if (kind === classString && (isValue || state === stateKey || state === stateFirstKey)) {
      state = isValue ? stateInText : stateInKey;
      stringAt = base + at;
    } else if (byte === colon && state === stateColon) {
      state = stateValue;
    } else if (byte === comma && state === stateNext) {
      state = depth > 0 && load<u8>(bracketsAt + depth - 1) === openingBrace ? stateKey : stateValue;
    } else if (kind === classOpen && isValue && depth < maxDepth) {
      if (depth === 1 && byte === openingBracket) {
        if (lists === maxLists) break;
        store<i32>(listsAt + 4 * lists, base + at);
        lists += 1;
      }
      store<u8>(bracketsAt + depth, byte);
      depth += 1;
      completeTo = base + at + 1;
      state = byte === openingBrace ? stateFirstKey : stateFirstItem;
    } else if (
      kind === classClose &&
      depth > 0 &&
      // the two brackets of a kind are two apart
      <i32>load<u8>(bracketsAt + depth - 1) === byte - 2 &&
      (state === stateNext || state === (byte === closingBrace ? stateFirstKey : stateFirstItem))
    ) {
      depth -= 1;
      completeTo = base + at + 1;
      state = stateNext;
      if (depth === 0) {
        at += 1;
        result = readingEnded;
        break;
      }
    } else if (kind === classScalar && isValue) {
      at = scalarEnd(at, to);
      state = at === to ? stateInScalar : stateNext;
      if (at < to) completeTo = base + at;
      continue;
    } else if (kind !== classBlank) {
      result = readingFault;
      break;
    }
    at += 1;
  }
  store<i32>(depthAt, depth);
  store<i32>(stateAt, state);
  store<i32>(isEscapedAt, <i32>isEscaped);
  store<i32>(lastStringAt, stringAt);
  store<i32>(placeAt, at);
  store<i32>(completeToAt, completeTo);
  store<i32>(listCountAt, lists);
  return result;
}

/** @returns the place of the string's quotation mark, or of a byte that no string holds; `to` if there is none */
function stringEnd(from: i32, to: i32): i32 {
  let at = from;
  if (isEscaped) {
    isEscaped = false;
    if (!isControl(at)) at += 1;
  }
  while (true) {
    at = runEnd(at, to);
    if (at >= to) return to;
    if (load<u8>(partAt + at) !== backslash) return at;
    at += 1;
    if (at === to) {
      isEscaped = true;
      return to;
    }
    if (!isControl(at)) at += 1;
  }
}

/** The end of the bytes that mean themselves. Those behind `to` may be read, too. */
function runEnd(from: i32, to: i32): i32 {
  for (let at = from; at < to; at += 16) {
    const bytes = v128.load(partAt + at);
    const ends = v128.or(
      v128.or(i8x16.eq(bytes, i8x16.splat(<i8>quote)), i8x16.eq(bytes, i8x16.splat(<i8>backslash))),
      i8x16.lt_u(bytes, i8x16.splat(0x20)),
    );
    const lanes = i8x16.bitmask(ends);
    if (lanes !== 0) return at + ctz(lanes);
  }
  return to;
}

function isControl(at: i32): bool {
  return load<u8>(partAt + at) < 0x20;
}

function scalarEnd(from: i32, to: i32): i32 {
  let at = from;
  while (at < to && load<u8>(classesAt + load<u8>(partAt + at)) === classScalar) at += 1;
  return at;
}

/**
 * Reads whole documents, with blanks, commas or nothing between them.
 * @param limit - each ends there at the latest
 * @param maxBytes - a longer one is left to the caller
 * @returns where the last of them ends; `from` if there is none
 */
export function skip(from: i32, limit: i32, maxBytes: i32): i32 {
  let end = from;
  while (true) {
    let at = end;
    while (at < limit && isBetween(load<u8>(partAt + at))) at += 1;
    if (at >= limit || load<u8>(partAt + at) !== openingBrace) return end;
    store<i32>(depthAt, 0);
    store<i32>(stateAt, stateValue);
    store<i32>(isEscapedAt, 0);
    if (read(at, limit, 0) !== readingEnded) return end;
    const to = load<i32>(placeAt);
    if (to - at > maxBytes) return end;
    end = to;
  }
}

function isBetween(byte: u8): bool {
  return byte <= 0x20 || byte === comma;
}
