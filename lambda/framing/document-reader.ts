import {
  blank,
  closingBrace,
  colon,
  comma,
  kinds,
  lf,
  openingBrace,
  openingBracket,
  quote,
  scalar,
  stringEnd,
} from './json-bytes.ts';

/** Deeper documents are given up: no audit event is, and a hostile one must not grow the memory. */
const maxDepth = 10_000;
const usualDepth = 100;

export type Reading =
  /** The bytes are read, the document goes on. */
  | { readonly kind: 'open' }
  | { readonly kind: 'ended'; readonly at: number }
  /** It can't be JSON; seen at `at`, and whatever is intact begins at or behind `resumeAt`, which may be negative. */
  | { readonly kind: 'fault'; readonly at: number; readonly resumeAt: number; readonly reason: string };

const goesOn: Reading = { kind: 'open' };

/**
 * Follows one document to its end over any number of pushes. It checks as much of the grammar as tells a broken
 * document from the next one: what may stand before a value, which bracket closes, and that no line ends inside a string.
 */
export class DocumentReader {
  /** The open brackets, from the top, as many as `depth` says. */
  private open = new Uint8Array(usualDepth);
  private depth = 0;
  private inString = false;
  private escaped = false;
  /** The last byte outside strings that was neither white space nor a scalar's. */
  private last = 0;
  /** The last two bytes of the push before. */
  private before: Buffer = Buffer.alloc(0);

  begin(): void {
    this.depth = 0;
    this.inString = false;
    this.escaped = false;
    // whatever a document begins with may stand there
    this.last = colon;
    this.before = Buffer.alloc(0);
  }

  /** This runs over every byte. */
  read(bytes: Buffer, from: number): Reading {
    let { open, depth, last, inString } = this;
    const { length } = bytes;
    let at = this.escaped && bytes[from] !== lf ? from + 1 : from;
    let reason: string | undefined;
    while (at < length) {
      if (inString) {
        at = stringEnd(bytes, at);
        if (at >= length) break;
        if (bytes[at] === lf) {
          reason = 'a line ends inside a string';
          break;
        }
        inString = false;
        last = quote;
      } else {
        const byte = bytes[at] ?? 0;
        const kind = kinds[byte];
        if (kind === blank) {
          at += 1;
          continue;
        }
        if (kind === quote) {
          if (last === quote) reason = 'a text follows a text';
          else inString = true;
        } else if (kind === scalar) {
          if (last === quote) reason = 'something follows a text';
        } else if (kind === openingBrace) {
          if (!mayOpen(last, open[depth - 1])) reason = 'a document begins before this one ended';
          else if (depth >= maxDepth) reason = `it is nested deeper than ${maxDepth} levels`;
          else {
            if (depth === open.length) open = this.deeper();
            open[depth++] = byte;
          }
          last = byte;
        } else {
          // the two of a kind lie two apart
          if (kind === closingBrace && open[--depth] !== byte - 2) reason = 'a bracket closes another kind';
          last = byte;
        }
        if (reason !== undefined) break;
      }
      at += 1;
      if (depth === 0 && !inString) return { kind: 'ended', at };
    }
    if (reason !== undefined)
      return { kind: 'fault', at, reason, resumeAt: inString ? at : this.swallowedAt(bytes, at) };
    this.depth = depth;
    this.last = last;
    this.inString = inString;
    this.escaped = at > length;
    this.before = this.tail(bytes, length);
    return goesOn;
  }

  /** Most texts never need it, and a hostile one begins anew at every few bytes. */
  private deeper(): Uint8Array<ArrayBuffer> {
    const open = new Uint8Array(maxDepth);
    open.set(this.open);
    this.open = open;
    return open;
  }

  /** A string that never ended ends at the first key of the document after it: where that document begins. */
  private swallowedAt(bytes: Buffer, at: number): number {
    return this.tail(bytes, at).equals(opening) ? at - opening.length : at;
  }

  private tail(bytes: Buffer, to: number): Buffer {
    if (to >= opening.length) return bytes.subarray(to - opening.length, to);
    return Buffer.concat([this.before, bytes.subarray(0, to)]).subarray(-opening.length);
  }
}

/** How an object begins. */
export const opening = Buffer.from('{"');

/** After `:`, or where an array's item may begin. */
function mayOpen(last: number, opened: number | undefined): boolean {
  if (last === colon || last === openingBracket) return true;
  return last === comma && opened === openingBracket;
}
