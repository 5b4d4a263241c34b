/**
 * Finds the end of a JSON document that is read in parts. It examines what determines the structure: brackets, strings,
 * and what may follow what. The rest is left to JSON.parse: `{"a":tru,"b":"\x"}` ends with its bracket although it is
 * no JSON, and is then rejected on its own. So every document that JSON.parse accepts ends where it ends, and a fault
 * is reported only if something in the structure is missing or added, which is when the end cannot be trusted.
 */
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
  scalar,
  string,
} from './json-bytes.ts';

/** Go's decoder, and so the API server, takes no JSON that is nested deeper than half of this. */
const maxDepth = 20_000;

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

export class JsonReader {
  /** Where in the last part lists opened directly in the document. */
  listsAt: number[] = [];
  /** The last quotation mark in the last part with which a string began; -1 if none. */
  stringAt = -1;
  /** The open brackets, the outermost first, as many as `depth` says. */
  private readonly brackets: number[] = [];
  private depth = 0;
  private state = state.value;
  /** The last part ended with the backslash of an escape. */
  private isEscaped = false;

  begin(): void {
    this.depth = 0;
    this.state = state.value;
    this.isEscaped = false;
  }

  /** This runs over every byte of documents that are not lines. */
  read(bytes: Buffer, from: number): Reading {
    const { brackets } = this;
    const { length } = bytes;
    let { depth, state: now } = this;
    let at = from;
    let stringAt = -1;
    let reason: string | undefined;
    if (this.listsAt.length > 0) this.listsAt = [];
    if (now === state.inScalar) {
      at = scalarEnd(bytes, at);
      if (at < length) now = state.next;
    }
    while (at < length) {
      if (now === state.inKey || now === state.inText) {
        at = this.stringEnd(bytes, at);
        if (at === length) break;
        if (bytes[at] !== quote) {
          reason = bytes[at] === lf ? 'a line ends inside a string' : 'a control character inside a string';
          break;
        }
        now = now === state.inKey ? state.colon : state.next;
        at += 1;
        continue;
      }
      const byte = bytes[at] ?? 0;
      const kind = classes[byte];
      const isValue = now === state.value || now === state.firstItem;
      if (kind === scalar) {
        if (!isValue) {
          reason = 'a value or a word where none may be';
          break;
        }
        at = scalarEnd(bytes, at);
        now = at === length ? state.inScalar : state.next;
        continue;
      }
      if (kind === string) {
        if (isValue) now = state.inText;
        else if (now === state.key || now === state.firstKey) now = state.inKey;
        else {
          reason = 'a string where none may be';
          break;
        }
        stringAt = at;
      } else if (kind === opening) {
        if (!isValue || depth === maxDepth) {
          reason = isValue
            ? `nested deeper than ${maxDepth} levels`
            : 'a document begins before this one ended';
          break;
        }
        if (depth === 1 && byte === openingBracket) this.listsAt.push(at);
        brackets[depth++] = byte;
        now = byte === openingBrace ? state.firstKey : state.firstItem;
      } else if (kind === close) {
        const isEmpty = now === (byte === closingBrace ? state.firstKey : state.firstItem);
        // the two brackets of a kind are two apart
        if ((now !== state.next && !isEmpty) || brackets[depth - 1] !== byte - 2) {
          reason = 'a bracket closes what is not open';
          break;
        }
        depth -= 1;
        now = state.next;
        if (depth === 0) return { kind: 'ended', at: at + 1 };
      } else if (byte === colon && now === state.colon) now = state.value;
      else if (byte === comma && now === state.next)
        now = brackets[depth - 1] === openingBrace ? state.key : state.value;
      else if (kind !== blank) {
        reason = 'a byte that no JSON has there';
        break;
      }
      at += 1;
    }
    Object.assign(this, { stringAt, depth, state: now });
    return reason === undefined ? { kind: 'open' } : { kind: 'fault', at, reason };
  }

  /** @returns the place of the string's quotation mark, or of a byte that no string holds; the length if there is none */
  private stringEnd(bytes: Buffer, from: number): number {
    const { length } = bytes;
    let at = this.isEscaped && !isControl(bytes[from]) ? from + 1 : from;
    for (; at < length; at += 1) {
      const byte = bytes[at] ?? 0;
      if (endsRun[byte] === 0) continue;
      if (byte !== backslash) break;
      if (!isControl(bytes[at + 1])) at += 1;
    }
    this.isEscaped = at > length;
    return Math.min(at, length);
  }
}

/** What ends a string, or the run of its bytes that mean themselves. */
const endsRun = new Uint8Array(256).fill(1, 0, 0x20);
for (const byte of [quote, backslash]) endsRun[byte] = 1;

function isControl(byte: number | undefined): boolean {
  return byte !== undefined && byte < 0x20;
}

function scalarEnd(bytes: Buffer, from: number): number {
  let at = from;
  while (at < bytes.length && classes[bytes[at] ?? 0] === scalar) at += 1;
  return at;
}
