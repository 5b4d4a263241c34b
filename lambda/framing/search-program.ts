import {
  bucketsAt,
  bytesAt,
  charactersAt,
  firstHighAt,
  firstLowAt,
  kindJsonEscape,
  kindPercent,
  lengthAt,
  pairAt,
  patternsAt,
  secondHighAt,
  secondLowAt,
} from './memory-layout.ts';
import type { Pattern } from './search-patterns.ts';

/** Patterns as the WebAssembly module reads them. */
export interface SearchProgram {
  readonly bytes: Buffer;
  readonly patterns: number;
  /** So many bytes from where a hit begins decide whether it is one. */
  readonly longest: number;
}

interface PlacedPattern extends Pattern {
  /** Where in it a pair of adjacent bytes is that is searched for. */
  readonly pair: number;
}

const escapeBytes = 6;

/** @param characters - whose escapes are hits if there are patterns of escapes */
export function searchProgram(patterns: readonly Pattern[], characters: string): SearchProgram {
  const buckets = inBuckets(patterns.map((pattern) => ({ ...pattern, pair: rarestPair(pattern.bytes) })));
  const size = patterns.reduce((sum, pattern) => sum + sizeOf(pattern), patternsAt);
  const bytes = Buffer.alloc(size);
  for (const character of characters)
    bytes[charactersAt + character.charCodeAt(0)] = kindJsonEscape | kindPercent;
  bytes[charactersAt + backslash] = (bytes[charactersAt + backslash] ?? 0) | kindJsonEscape;
  let at = patternsAt;
  for (const [bucket, placed] of buckets.entries()) {
    bytes.writeUInt32LE(at, bucketsAt + 4 * bucket);
    for (const pattern of placed) {
      writePair(bytes, pattern, 1 << bucket);
      writePattern(bytes, pattern, at);
      at += sizeOf(pattern);
    }
    bytes.writeUInt32LE(at, bucketsAt + 4 * (bucket + 1));
  }
  const longest = Math.max(escapeBytes, ...patterns.map((pattern) => pattern.bytes.length));
  return { bytes, patterns: patterns.length, longest };
}

function sizeOf({ bytes }: Pattern): number {
  return bytesAt + 2 * bytes.length;
}

/** Enters the two bytes, and those that count as them, in the tables. A single byte goes with any other. */
function writePair(program: Buffer, { bytes, ignored, pair }: PlacedPattern, bit: number): void {
  for (const [index, lowAt, highAt] of [
    [pair, firstLowAt, firstHighAt],
    [pair + 1, secondLowAt, secondHighAt],
  ] as const) {
    const byte = bytes[index];
    const isIgnored = ignored[index] ?? 0;
    for (let other = 0; other < 256; other += 1)
      if (byte === undefined || (other | isIgnored) === byte) {
        program[lowAt + (other & 15)] = (program[lowAt + (other & 15)] ?? 0) | bit;
        program[highAt + (other >> 4)] = (program[highAt + (other >> 4)] ?? 0) | bit;
      }
  }
}

function writePattern(program: Buffer, { kind, bytes, ignored, pair }: PlacedPattern, at: number): void {
  program[at] = kind;
  program.writeUInt16LE(pair, at + pairAt);
  program.writeUInt16LE(bytes.length, at + lengthAt);
  program.set(bytes, at + bytesAt);
  program.set(ignored, at + bytesAt + bytes.length);
}

const backslash = 0x5c;
const percent = 0x25;
const sharedBuckets = 5;

/**
 * Pairs in one bucket should have halves in common: with `ga` and `pa` in one, `gc` and `pc` are not looked at. Escapes and
 * bytes that are not in ASCII text have buckets of their own.
 */
function inBuckets(patterns: readonly PlacedPattern[]): PlacedPattern[][] {
  const first = ({ bytes, pair }: PlacedPattern) => bytes[pair] ?? 0;
  const isText = (byte: number) => byte >= 0x20 && byte < 0x80;
  const escapes = patterns.filter((pattern) => first(pattern) === backslash);
  const percents = patterns.filter((pattern) => first(pattern) === percent);
  const others = patterns.filter((pattern) => !isText(first(pattern)));
  const texts = patterns
    .filter((pattern) => ![backslash, percent].includes(first(pattern)) && isText(first(pattern)))
    .sort((a, b) => first(a) - first(b));
  const perBucket = Math.ceil(texts.length / sharedBuckets);
  const shared = Array.from({ length: sharedBuckets }, (_, index) =>
    texts.slice(index * perBucket, (index + 1) * perBucket),
  );
  return [escapes, percents, others, ...shared];
}

/** The most frequent pairs of characters that literals consist of, in recordings of audit logs, the most frequent first. */
const frequentPairs =
  'er on st es io te at ta me nt re ti se ou le ce in be am ap ge co ro en au na et us ec ub ol s. ve ku ut pi tr em 26 ' +
  'ic .i ag si .k ll ed ys sy 02 ue m: rs ca so v1 or Re 8s th k8 e- im de ns ur ma an li rn is 00 20 mp nd 11 rc ne 21 ' +
  'pl qu eq al as Ve da ad -c sp ac di 1- ri :5 n. 6- 23 ea el lo ho -1 -2 po it ch he f: up 3T T2 1: iV Ti tR iz r- za ' +
  'ts lu -4 rb rv ud ra 56 -a -m 55 ow ct u0 ps ot ep :a ng la tc ki :k to gr od ef id tu .0 no rt';

function rarestPair(bytes: Buffer): number {
  const text = bytes.toString('latin1');
  let best = 0;
  let rarity = -1;
  for (let at = 0; at + 1 < text.length; at += 1) {
    const place = frequentPairs.indexOf(text.slice(at, at + 2));
    if (place < 0) return at;
    if (place > rarity) [best, rarity] = [at, place];
  }
  return best;
}
