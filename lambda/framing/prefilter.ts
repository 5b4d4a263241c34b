/** A text to search for as it is, or in any case. */
export type SearchedText = string | { readonly ignoreCase: string };

/** Finds, in raw bytes, the next place from which a record may match. */
export type NextCandidate = (bytes: Buffer, from: number) => number;

/**
 * A search for the literals and for what could hide one: a JSON escape of one of its characters,
 * an escaped backslash of a JSON inside, or a percent-encoded letter of it in a legacy line's URI.
 * @param literals - `null`: every place is a candidate. Those with `ignoreCase` are in lower case
 * @returns a function that gives the offset of the next hit at or after `from`, -1 where there is none
 */
export function candidateSearch(literals: readonly SearchedText[] | null): NextCandidate {
  if (literals === null) return (bytes, from) => (from < bytes.length ? from : -1);
  const exact = literals.filter((literal) => typeof literal === 'string');
  const anyCase = literals.flatMap((literal) => (typeof literal === 'string' ? [] : [literal.ignoreCase]));
  const characters = [...exact.join(''), ...anyCase.flatMap((text) => [text, text.toUpperCase()]).join('')];
  return nearest([
    ...exact.map(literalSearch),
    ...(anyCase.length > 0 ? [caseInsensitiveSearch(anyCase), ...lowercasedToAscii.map(textSearch)] : []),
    jsonEscapeOf([...characters, '\\']),
    percentEscapeOf(characters),
  ]);
}

/** A search for whatever one of several searches finds. A hit further on is remembered, not searched for again. */
export function nearest(searches: readonly NextCandidate[]): NextCandidate {
  // a chunk and the malformed records in it are searched in turn: none may forget what is known of the others
  const known = new WeakMap<Buffer, number[]>();
  let searched: Buffer | undefined;
  let hits: number[] = [];
  return (bytes, from) => {
    if (bytes !== searched) {
      hits = known.get(bytes) ?? [];
      known.set(bytes, hits);
      searched = bytes;
    }
    let best = -1;
    for (const [index, search] of searches.entries()) {
      let hit = hits[index] ?? from - 1;
      if (hit !== none && hit < from) {
        hit = search(bytes, from);
        if (hit < 0) hit = none;
        hits[index] = hit;
      }
      if (hit !== none && (best < 0 || hit < best)) best = hit;
    }
    return best;
  };
}

/** No hit up to the end of these bytes. */
const none = Number.POSITIVE_INFINITY;

/** The characters of audit logs from the most to the least frequent, as counted in recordings. */
const byFrequency = 'east:orinclupmd0-1b.2fk4v5g86y3h7R9TPVwIACqSzZGxEULDOMjFNBX_HWKJQY';
/** Node's search stops at each first byte of a text that is no longer, and those it finds at memory's speed. */
const anchorLength = 6;

/** Searches for the part of a literal that begins with its rarest character, and compares the rest there. */
function literalSearch(literal: string): NextCandidate {
  const starts = [...literal.slice(0, Math.max(1, literal.length - anchorLength + 1))];
  const rarity = starts.map((character) => byFrequency.indexOf(character));
  const start = rarity.indexOf(Math.max(...rarity));
  const whole = Buffer.from(literal);
  const anchor = Buffer.from(literal.slice(start, start + anchorLength));
  return (bytes, from) => {
    for (let at = bytes.indexOf(anchor, from + start); at >= 0; at = bytes.indexOf(anchor, at + 1)) {
      const begin = at - start;
      if (bytes.compare(whole, 0, whole.length, begin, Math.min(begin + whole.length, bytes.length)) === 0)
        return begin;
    }
    return -1;
  };
}

/**
 * The characters outside of ASCII whose lower case contains an ASCII letter, and their JSON escapes: the Kelvin sign and
 * the I with a dot above.
 */
const lowercasedToAscii = ['\u212a', '\u0130', '\\u212a', '\\u212A', '\\u0130'];

function textSearch(text: string): NextCandidate {
  const wanted = Buffer.from(text);
  return (bytes, from) => bytes.indexOf(wanted, from);
}

/** V8 searches a text of one-byte characters for a case-insensitive expression about as fast as gzip is decompressed. */
function caseInsensitiveSearch(texts: readonly string[]): NextCandidate {
  const expression = new RegExp(texts.map((text) => text.replaceAll('.', '\\.')).join('|'), 'gi');
  let searched: Buffer | undefined;
  let text = '';
  return (bytes, from) => {
    if (bytes !== searched) text = bytes.toString('latin1');
    searched = bytes;
    expression.lastIndex = from;
    return expression.exec(text)?.index ?? -1;
  };
}

const percent = 0x25;
const backslash = 0x5c;
const jsonEscape = Buffer.from('\\u00');
const jsonEscapeTail = Buffer.from('u00');
/** Bytes that are looked at to see whether backslashes are frequent. */
const sampledBytes = 4_096;
const frequentAt = 64;
/** Fewer bytes are searched sooner than they are sampled. */
const worthSampling = 65_536;

/** `\\u00` and the two hexadecimal digits, in either case, of one of the characters. */
function jsonEscapeOf(characters: readonly string[]): NextCandidate {
  const isWanted = tableOf(characters);
  return (bytes, from) => {
    // JSON inside JSON has a backslash at every quotation mark, and a search that begins with one stops at each
    const skipped = hasManyBackslashes(bytes, from) ? 1 : 0;
    const wanted = skipped === 1 ? jsonEscapeTail : jsonEscape;
    for (let at = bytes.indexOf(wanted, from); at >= 0; at = bytes.indexOf(wanted, at + 1)) {
      const isEscape = skipped === 0 || bytes[at - 1] === backslash;
      if (isEscape && isWanted[hexCode(bytes, at - skipped + 4)] === 1) return at - skipped;
    }
    return -1;
  };
}

function hasManyBackslashes(bytes: Buffer, from: number): boolean {
  if (bytes.length - from < worthSampling) return false;
  const to = Math.min(bytes.length, from + sampledBytes);
  let count = 0;
  for (let at = from; at < to; at += 1) if (bytes[at] === backslash) count += 1;
  return count > frequentAt;
}

/** `%` and the two hexadecimal digits of one of the characters. */
function percentEscapeOf(characters: readonly string[]): NextCandidate {
  const isWanted = tableOf(characters);
  return (bytes, from) => {
    for (let at = bytes.indexOf(percent, from); at >= 0; at = bytes.indexOf(percent, at + 1)) {
      if (isWanted[hexCode(bytes, at + 1)] === 1) return at;
    }
    return -1;
  };
}

function tableOf(characters: readonly string[]): Uint8Array {
  const table = new Uint8Array(256);
  for (const character of characters) table[character.charCodeAt(0)] = 1;
  return table;
}

/** The byte that two hexadecimal digits encode; NaN if they are none, which is in no table. */
function hexCode(bytes: Buffer, at: number): number {
  return hexDigit(bytes[at]) * 16 + hexDigit(bytes[at + 1]);
}

function hexDigit(byte: number | undefined): number {
  if (byte === undefined) return Number.NaN;
  if (byte >= 48 && byte <= 57) return byte - 48;
  const letter = byte | 32;
  return letter >= 97 && letter <= 102 ? letter - 87 : Number.NaN;
}
