import {
  backslash,
  blank,
  classes,
  close,
  closingBrace,
  colon,
  comma,
  lf,
  open as opening,
  openingBrace,
  openingBracket,
  quote,
  scalar as scalarClass,
  string as stringClass,
} from './json-bytes.ts';

/** Go's decoder, and so the API server, takes no JSON that is nested deeper than half of this. */
const maxDepth = 20_000;
const usualDepth = 100;
/** A longer number is left to JSON.parse. */
const longestScalar = 64;
const scalarText = /^(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)$/;

/** What the reader is in, or what has to come next. */
const state = {
  value: 0,
  firstItem: 1,
  firstKey: 2,
  key: 3,
  colon: 4,
  next: 5,
  inKey: 6,
  inText: 7,
  inScalar: 8,
};

export type Reading =
  /** All bytes are read; the document continues. */
  | { readonly kind: 'open' }
  | { readonly kind: 'ended'; readonly at: number }
  /** No document begins like this; `at` is the first byte that cannot follow. */
  | { readonly kind: 'fault'; readonly at: number; readonly reason: string };

const goesOn: Reading = { kind: 'open' };

/**
 * Reads one JSON object or list to its end, over any number of pushes. It accepts what JSON.parse accepts, and nothing
 * else but malformed numbers of more than 64 characters.
 */
export class JsonReader {
  /** Where in the last push lists opened directly in the document. */
  listsAt: number[] = [];
  /** The last quotation mark in the last push with which a string began; -1 if none. */
  stringAt = -1;
  /** The open brackets, the outermost first, as many as `depth` says. */
  private brackets = new Uint8Array(usualDepth);
  private depth = 0;
  private state = state.value;
  /** Of an escape in a string: how many bytes are missing, at most 5 (behind a backslash); 0 outside of escapes. */
  private escape = 0;
  private scalar = '';

  begin(): void {
    this.depth = 0;
    this.state = state.value;
    this.escape = 0;
    this.scalar = '';
  }

  /** This runs over every byte of documents that are not lines. */
  read(bytes: Buffer, from: number): Reading {
    let { brackets, depth, state: now } = this;
    const { length } = bytes;
    let at = from;
    let stringAt = -1;
    let reason: string | undefined;
    if (this.listsAt.length > 0) this.listsAt = [];
    while (at < length) {
      if (now === state.inKey || now === state.inText) {
        at = this.stringEnd(bytes, at);
        if (at >= length) break;
        if (bytes[at] !== quote || this.escape > 0) {
          reason =
            bytes[at] === lf ? 'a line ends inside a string' : 'a string holds what no string may hold';
          break;
        }
        now = now === state.inKey ? state.colon : state.next;
        at += 1;
        continue;
      }
      const byte = bytes[at] ?? 0;
      const kind = classes[byte];
      if (now === state.inScalar || kind === scalarClass) {
        if (now !== state.inScalar && now !== state.value && now !== state.firstItem) {
          reason = 'a value or a word where none may stand';
          break;
        }
        const end = scalarEnd(bytes, at);
        if (end === length || now === state.inScalar || !isUsualScalar(bytes, at, end)) {
          this.scalar += bytes.toString('latin1', at, Math.min(end, at + longestScalar + 1));
          now = state.inScalar;
          if (end === length) {
            at = end;
            break;
          }
          if (!isScalar(this.scalar)) {
            reason = 'something that is no value';
            break;
          }
          this.scalar = '';
        }
        now = state.next;
        at = end;
        continue;
      }
      if (kind === blank) {
        at += 1;
        continue;
      }
      if (kind === stringClass) {
        if (now === state.value || now === state.firstItem) now = state.inText;
        else if (now === state.key || now === state.firstKey) now = state.inKey;
        else {
          reason = 'a string where none may stand';
          break;
        }
        stringAt = at;
      } else if (kind === opening) {
        if (now !== state.value && now !== state.firstItem) {
          reason = 'a document begins before this one ended';
          break;
        }
        if (depth === maxDepth) {
          reason = `it is nested deeper than ${maxDepth} levels`;
          break;
        }
        if (depth === 1 && byte === openingBracket) this.listsAt.push(at);
        if (depth === brackets.length) brackets = this.deeper();
        brackets[depth++] = byte;
        now = byte === openingBrace ? state.firstKey : state.firstItem;
      } else if (kind === close) {
        // the two brackets of a kind lie two apart
        const isOpen = brackets[depth - 1] === byte - 2;
        if (
          !isOpen ||
          !(now === state.next || now === (byte === closingBrace ? state.firstKey : state.firstItem))
        ) {
          reason = 'a bracket closes what is not open';
          break;
        }
        depth -= 1;
        now = state.next;
        if (depth === 0) return { kind: 'ended', at: at + 1 };
      } else if (byte === colon && now === state.colon) now = state.value;
      else if (byte === comma && now === state.next)
        now = brackets[depth - 1] === openingBrace ? state.key : state.value;
      else {
        reason = 'a byte that no JSON has there';
        break;
      }
      at += 1;
    }
    this.stringAt = stringAt;
    if (reason !== undefined) return { kind: 'fault', at, reason };
    this.depth = depth;
    this.state = now;
    return goesOn;
  }

  /** Most documents never need it, and hostile text begins many. */
  private deeper(): Uint8Array<ArrayBuffer> {
    const deeper = new Uint8Array(maxDepth);
    deeper.set(this.brackets);
    this.brackets = deeper;
    return deeper;
  }

  /** @returns where the string's quotation mark, or a byte that no string holds, stands; the length if neither does */
  private stringEnd(bytes: Buffer, from: number): number {
    let at = this.escape > 0 ? this.escapeEnd(bytes, from) : from;
    for (;;) {
      if (this.escape > 0) return at;
      at = plainEnd(bytes, at);
      if (bytes[at] !== backslash) return at;
      this.escape = afterBackslash;
      at = this.escapeEnd(bytes, at + 1);
    }
  }

  /** Reads on in an escape that may go on over pushes. @returns where it ends, or the byte that it may not hold */
  private escapeEnd(bytes: Buffer, from: number): number {
    let at = from;
    for (; at < bytes.length && this.escape > 0; at += 1) {
      const byte = bytes[at] ?? 0;
      if (this.escape < afterBackslash && isHex(byte)) this.escape -= 1;
      else if (this.escape === afterBackslash && byte === letterU) this.escape -= 1;
      else if (this.escape === afterBackslash && simpleEscapes[byte] === 1) this.escape = 0;
      else return at;
    }
    return at;
  }
}

/** Where a byte stands that ends a string, that no string holds, or that begins an unusual escape; the length if none. */
function plainEnd(bytes: Buffer, from: number): number {
  const { length } = bytes;
  let at = from;
  while (at < length) {
    const byte = bytes[at] ?? 0;
    if (endsRun[byte] === 0) at += 1;
    else if (byte === backslash && simpleEscapes[bytes[at + 1] ?? 0] === 1) at += 2;
    else break;
  }
  return at;
}

/** What ends a string, or the run of its bytes that mean themselves. */
const endsRun = new Uint8Array(256).fill(1, 0, 0x20);
for (const byte of [quote, backslash]) endsRun[byte] = 1;
const simpleEscapes = new Uint8Array(256);
for (const byte of Buffer.from('"\\/bfnrt')) simpleEscapes[byte] = 1;
const letterU = 0x75;
const afterBackslash = 5;

function isHex(byte: number): boolean {
  return (byte >= 0x30 && byte <= 0x39) || ((byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x66);
}

function scalarEnd(bytes: Buffer, from: number): number {
  let at = from;
  while (at < bytes.length && classes[bytes[at] ?? 0] === scalarClass) at += 1;
  return at;
}

function isScalar(text: string): boolean {
  return scalarText.test(text) || (text.length > longestScalar && /^[-+.\deE]+$/.test(text));
}

/** The most frequent ones, seen without making a string. */
function isUsualScalar(bytes: Buffer, from: number, to: number): boolean {
  const first = bytes[from] ?? 0;
  const length = to - from;
  if (first === letterT) return length === 4 && bytes.compare(trueBytes, 0, 4, from, to) === 0;
  if (first < digitOne || first > digitNine) return length === 1 && first === digitOne - 1;
  for (let at = from + 1; at < to; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte < digitOne - 1 || byte > digitNine) return false;
  }
  return true;
}

const trueBytes = Buffer.from('true');
const letterT = 0x74;
const digitOne = 0x31;
const digitNine = 0x39;
