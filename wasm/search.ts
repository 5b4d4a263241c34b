/**
 * Searches a window for all patterns in one pass: the Teddy algorithm of Hyperscan. Each pattern has a pair of adjacent
 * bytes that is rare, and belongs to one of eight buckets. For each half of each byte of the pair a table of 16 entries
 * states in which buckets a byte with this half is. So four table look-ups for 16 bytes yield where a pair of a bucket may
 * be; only there the bucket's patterns are compared.
 */
import {
  bucketsAt,
  bytesAt,
  charactersAt,
  countAt,
  firstHighAt,
  firstLowAt,
  hitsAt,
  kindJsonEscape,
  kindNul,
  kindPercent,
  kindSpan,
  lanesAt,
  lengthAt,
  maxHits,
  pairAt,
  programAt,
  secondHighAt,
  secondLowAt,
  windowAt,
  windowBytes,
} from '../lambda/framing/memory-layout';

let count: i32 = 0;
let length: i32 = 0;
let searchedFrom: i32 = 0;
/** Where to continue because the list of hits is full; -1 if it isn't. */
let fullAt: i32 = -1;
/** Kinds of which one hit is enough and was found in this window. */
let found: u32 = 0;

/**
 * @param from - pairs before this place were searched for by the call before
 * @param bytes - so many are in the window, with those behind it
 * @param patterns - so many hits may be at one place
 * @returns where to continue after the hits were taken, -1 if nothing is left
 */
export function search(from: i32, bytes: i32, patterns: i32): i32 {
  count = 0;
  length = bytes;
  searchedFrom = from;
  fullAt = -1;
  if (from === 0) found = 0;
  const firstLow = v128.load(programAt + firstLowAt);
  const firstHigh = v128.load(programAt + firstHighAt);
  const secondLow = v128.load(programAt + secondLowAt);
  const secondHigh = v128.load(programAt + secondHighAt);
  const low = i8x16.splat(15);
  let before = i8x16.splat(0);
  // the pair of the last byte is seen with the byte behind it
  for (let at = from & ~15; at <= bytes; at += 32) {
    const bytes0 = v128.load(windowAt + at);
    const low0 = v128.and(bytes0, low);
    const high0 = v128.and(i16x8.shr_u(bytes0, 4), low);
    const first0 = v128.and(i8x16.swizzle(firstLow, low0), i8x16.swizzle(firstHigh, high0));
    const second0 = v128.and(i8x16.swizzle(secondLow, low0), i8x16.swizzle(secondHigh, high0));
    const bytes1 = v128.load(windowAt + at, 16);
    const low1 = v128.and(bytes1, low);
    const high1 = v128.and(i16x8.shr_u(bytes1, 4), low);
    const first1 = v128.and(i8x16.swizzle(firstLow, low1), i8x16.swizzle(firstHigh, high1));
    const second1 = v128.and(i8x16.swizzle(secondLow, low1), i8x16.swizzle(secondHigh, high1));
    const pairs0 = v128.and(behind(before, first0), second0);
    const pairs1 = v128.and(behind(first0, first1), second1);
    before = first1;
    if (v128.any_true(v128.or(pairs0, pairs1))) {
      compareAt(at - 1, pairs0, patterns);
      if (fullAt < 0) compareAt(at + 15, pairs1, patterns);
      if (fullAt >= 0) break;
    }
  }
  store<i32>(countAt, count);
  return fullAt;
}

/** The lanes of the second one moved by one, behind the last of the first. */
function behind(before: v128, now: v128): v128 {
  return v128.shuffle<u8>(before, now, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30);
}

function compareAt(start: i32, pairs: v128, patterns: i32): void {
  v128.store(lanesAt, pairs);
  let lanes = i8x16.bitmask(i8x16.ne(pairs, i8x16.splat(0)));
  for (; lanes !== 0; lanes &= lanes - 1) {
    const lane = ctz(lanes);
    const at = start + lane;
    if (at < searchedFrom || at >= length) continue;
    if (count + patterns > maxHits) {
      fullAt = at;
      return;
    }
    for (let buckets: u32 = load<u8>(lanesAt + lane); buckets !== 0; buckets &= buckets - 1)
      compareBucket(at, ctz(buckets));
  }
}

function compareBucket(at: i32, bucket: u32): void {
  let pattern = programAt + load<u32>(programAt + bucketsAt + bucket * 4);
  const end = programAt + load<u32>(programAt + bucketsAt + bucket * 4, 4);
  while (pattern < end) {
    const size = <i32>load<u16>(pattern, lengthAt);
    const begin = at - <i32>load<u16>(pattern, pairAt);
    if (begin >= 0 && begin < windowBytes && isAt(begin, pattern, size)) hit(begin, load<u8>(pattern));
    pattern += bytesAt + 2 * size;
  }
}

function isAt(begin: i32, pattern: i32, size: i32): bool {
  if (begin + size > length) return false;
  const expected = pattern + bytesAt;
  const ignored = expected + size;
  const actual = windowAt + begin;
  for (let index = 0; index < size; index += 1)
    if ((load<u8>(actual + index) | load<u8>(ignored + index)) !== load<u8>(expected + index)) return false;
  const kind = <i32>load<u8>(pattern);
  return (kind !== kindJsonEscape && kind !== kindPercent) || escapes(begin + size, kind);
}

/** Whether two hexadecimal digits of one of the characters are there. */
function escapes(at: i32, kind: i32): bool {
  if (at + 2 > length) return false;
  const high = hexDigit(load<u8>(windowAt + at));
  const low = hexDigit(load<u8>(windowAt + at, 1));
  return high >= 0 && low >= 0 && (load<u8>(programAt + charactersAt + high * 16 + low) & kind) !== 0;
}

function hexDigit(byte: u8): i32 {
  if (byte >= 48 && byte <= 57) return byte - 48;
  const letter = byte | 32;
  return letter >= 97 && letter <= 102 ? <i32>letter - 87 : -1;
}

function hit(begin: i32, kind: i32): void {
  if (kind >= kindNul) {
    const bit = 1 << kind;
    if (found & bit) return;
    found |= bit;
  }
  store<i32>(hitsAt + count * 4, begin * kindSpan + kind);
  count += 1;
}
