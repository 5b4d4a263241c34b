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

/** Why a byte cannot be where it is, by its class. */
const reasons = [
  'a value or a word where none may be',
  '',
  'a string where none may be',
  'a document begins before this one ended',
  'a bracket closes what is not open',
];

export class JsonReader {
  /** Where in the last part lists opened directly in the document. */
  listsAt: number[] = [];
  /** The last quotation mark in the last part with which a string began; -1 if none. */
  stringAt = -1;
  /** Behind the last value that ended in the last part, or the last bracket that opened. */
  completeTo = 0;
  /** The open brackets of a document that continues, the outermost first. */
  readonly brackets: number[] = [];
  /** Where the last key within each of them begins and ends in the last part. */
  readonly keys: number[] = [];
  private depth = 0;
  private state = state.value;
  /** The last part ended with the backslash of an escape. */
  private isEscaped = false;
  private readonly tracksMembers: boolean;

  /** @param tracksMembers - whether `completeTo` and `keys` are needed */
  constructor(tracksMembers = false) {
    this.tracksMembers = tracksMembers;
  }

  begin(): void {
    this.depth = 0;
    this.state = state.value;
    this.isEscaped = false;
  }

  get isInText(): boolean {
    return this.state === state.inText;
  }

  /** The value behind the last key has not ended. */
  get isInMember(): boolean {
    return [state.colon, state.value, state.inText, state.inScalar].includes(this.state);
  }

  /** This runs over every byte of documents that are not lines. */
  read(bytes: Buffer, from: number): Reading {
    const { brackets, tracksMembers } = this;
    const { length } = bytes;
    let { depth, state: now, completeTo } = this;
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
        at += 1;
        if (now === state.inText) {
          completeTo = at;
          now = state.next;
        } else {
          if (tracksMembers) this.keys[2 * depth - 2] = stringAt;
          if (tracksMembers) this.keys[2 * depth - 1] = at;
          now = state.colon;
        }
        continue;
      }
      const byte = bytes[at] ?? 0;
      const kind = classes[byte];
      const isValue = now === state.value || now === state.firstItem;
      if (kind === scalar && isValue) {
        at = scalarEnd(bytes, at);
        now = at === length ? state.inScalar : state.next;
        if (at < length) completeTo = at;
        continue;
      }
      if (kind === string && (isValue || now === state.key || now === state.firstKey)) {
        now = isValue ? state.inText : state.inKey;
        stringAt = at;
      } else if (kind === opening && isValue && depth < maxDepth) {
        if (depth === 1 && byte === openingBracket) this.listsAt.push(at);
        brackets[depth++] = byte;
        now = byte === openingBrace ? state.firstKey : state.firstItem;
        completeTo = at + 1;
      } else if (
        kind === close &&
        // the two brackets of a kind are two apart
        brackets[depth - 1] === byte - 2 &&
        (now === state.next || now === (byte === closingBrace ? state.firstKey : state.firstItem))
      ) {
        depth -= 1;
        now = state.next;
        completeTo = at + 1;
        if (depth === 0) return { kind: 'ended', at: at + 1 };
      } else if (byte === colon && now === state.colon) now = state.value;
      else if (byte === comma && now === state.next)
        now = brackets[depth - 1] === openingBrace ? state.key : state.value;
      else if (kind !== blank) {
        const isTooDeep = kind === opening && isValue;
        reason = isTooDeep ? `nested deeper than ${maxDepth} levels` : reasons[kind ?? 0];
        reason ??= 'a byte that no JSON has there';
        break;
      }
      at += 1;
    }
    this.stringAt = stringAt;
    this.depth = depth;
    this.state = now;
    this.completeTo = completeTo;
    if (reason !== undefined) return { kind: 'fault', at, reason };
    brackets.length = depth;
    return { kind: 'open' };
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
