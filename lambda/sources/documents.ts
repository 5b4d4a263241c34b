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

export type DocumentEvent =
  | {
      /** `text`: a line between documents that is none. */
      readonly kind: 'document' | 'text';
      readonly offset: number;
      readonly bytes: Buffer;
      /** Where it begins in the bytes that were pushed; absent where it began before them. */
      readonly from?: number;
    }
  /** What can't be JSON any more; the bytes go up to where that was seen. */
  | { readonly kind: 'broken'; readonly offset: number; readonly bytes: Buffer; readonly reason: string }
  | { readonly kind: 'too-long'; readonly offset: number; readonly bytes: number };

export interface Pushed {
  readonly events: readonly DocumentEvent[];
  /** From where another document may begin after a broken one: the end of the bytes, to be looked at anew. */
  readonly rest?: Buffer;
}

/**
 * Cuts text into its top-level JSON documents: pretty-printed ones, those with nothing between them, and the
 * items of a top-level array. Each byte is looked at once, however many pushes a document goes on over. It checks as
 * much of the grammar as tells a broken document from the next one: what may stand before a value, which bracket
 * closes, and that no line ends inside a string. A document over the limit is read past, not kept.
 */
export class DocumentCutter {
  private readonly maxRecordBytes: number;
  private phase: 'between' | 'document' | 'text' = 'between';
  /** Where what is unfinished begins in the unpacked text, what is kept of it, and its length. */
  private start = 0;
  private parts: Buffer[] = [];
  private partBytes = 0;
  /** The open brackets, from the top, as many as `depth` says. */
  private readonly open = new Uint8Array(maxDepth);
  private depth = 0;
  /** The depth at which a document begins: 1 inside a top-level array. */
  private ground = 0;
  private inString = false;
  private escaped = false;
  /** Only white space stands before on the line. */
  private atLineStart = true;
  /** The last byte of the document outside strings that was neither white space nor a scalar's. */
  private last = 0;
  /** Why the document can't be JSON, and where to go on. */
  private fault: { readonly reason: string; readonly resumeAt: number } | undefined;

  constructor(maxRecordBytes = Number.POSITIVE_INFINITY) {
    this.maxRecordBytes = maxRecordBytes;
  }

  /** The document that has begun and not ended; `undefined` between documents. */
  get unfinished(): { readonly offset: number; readonly bytes: number } | undefined {
    return this.phase === 'document' ? { offset: this.start, bytes: this.partBytes } : undefined;
  }

  /** A document has ended here before: this is no hostile text that begins anew at every few bytes. */
  hasCut = false;

  /** Neither in a document or text nor in a list of documents. */
  get isBetween(): boolean {
    return this.phase === 'between' && this.depth === 0;
  }

  /** @param offset - of these bytes in the unpacked text */
  push(bytes: Buffer, offset: number): Pushed {
    const events: DocumentEvent[] = [];
    let at = 0;
    // of what is unfinished, in these bytes
    let from = 0;
    while (at < bytes.length) {
      if (this.phase === 'between') {
        at = this.between(bytes, at);
        if (at === bytes.length) break;
        from = at;
        this.start = offset + at;
      }
      const phase = this.phase === 'text' ? 'text' : 'document';
      at = phase === 'text' ? this.inText(bytes, at) : this.inDocument(bytes, at);
      if (this.fault) {
        const { reason, resumeAt } = this.fault;
        const read = Buffer.concat([...this.parts, bytes.subarray(from, at)]);
        events.push({ kind: 'broken', offset: this.start, bytes: read, reason });
        this.reset();
        return { events, rest: bytes.subarray(resumeAt) };
      }
      if (this.phase === 'between') events.push(...this.finished(phase, bytes, from, at));
    }
    if (this.phase !== 'between') {
      this.partBytes += bytes.length - from;
      if (this.partBytes > this.maxRecordBytes) this.parts = [];
      else this.parts.push(bytes.subarray(from));
    }
    return { events };
  }

  /** @param offset - of the end of the text */
  end(offset: number): DocumentEvent[] {
    const { phase, depth } = this;
    const bytes = Buffer.concat(this.parts);
    if (phase === 'text') return this.finished(phase, bytes, 0, 0);
    if (phase === 'between' && depth === 0) return [];
    const reason = 'the document is not closed before the end';
    return [{ kind: 'broken', offset: phase === 'between' ? offset : this.start, bytes, reason }];
  }

  private reset(): void {
    this.phase = 'between';
    this.parts = [];
    this.partBytes = 0;
    this.depth = 0;
    this.ground = 0;
    this.inString = false;
    this.escaped = false;
    this.fault = undefined;
  }

  private finished(kind: 'document' | 'text', bytes: Buffer, from: number, to: number): DocumentEvent[] {
    const { start, parts } = this;
    const length = this.partBytes + to - from;
    const end = bytes.subarray(from, to);
    this.hasCut = true;
    this.parts = [];
    this.partBytes = 0;
    if (length > this.maxRecordBytes) return [{ kind: 'too-long', offset: start, bytes: length }];
    if (parts.length === 0) return [{ kind, offset: start, bytes: end, from }];
    return [{ kind, offset: start, bytes: Buffer.concat([...parts, end]) }];
  }

  /** @returns where a document or a text begins */
  private between(bytes: Buffer, from: number): number {
    for (let at = from; at < bytes.length; at += 1) {
      const byte = bytes[at] ?? 0;
      const kind = kinds[byte];
      if (byte === lf) this.atLineStart = true;
      if (kind === blank) continue;
      if (byte === openingBracket && this.depth === 0) {
        this.ground = 1;
        this.depth = 1;
        this.open[0] = byte;
      } else if (kind === openingBrace || (kind === quote && this.ground === 1)) {
        // whatever a document begins with may stand there
        this.last = colon;
        this.phase = 'document';
        return at;
      } else if (kind === closingBrace) {
        this.ground = 0;
        this.depth = 0;
      } else if (kind === scalar && this.ground === 0) {
        this.phase = 'text';
        return at;
      }
      this.atLineStart = false;
    }
    return bytes.length;
  }

  /** To the end of a line that is a text from its start; else to the next document on it, too. */
  private inText(bytes: Buffer, from: number): number {
    for (let at = from; at < bytes.length; at += 1) {
      const byte = bytes[at];
      if (byte !== lf && (byte !== openingBrace || this.atLineStart)) continue;
      this.phase = 'between';
      return at;
    }
    return bytes.length;
  }

  /** To behind the end of the document, or to where it can't be JSON any more. This runs over every byte. */
  private inDocument(bytes: Buffer, from: number): number {
    const { open, ground } = this;
    let { depth, last } = this;
    const { length } = bytes;
    let at = this.escaped ? from + 1 : from;
    let reason: string | undefined;
    let inString = this.inString;
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
          else open[depth++] = byte;
          last = byte;
        } else {
          // the two of a kind lie two apart
          if (kind === closingBrace && open[--depth] !== byte - 2) reason = 'a bracket closes another kind';
          last = byte;
        }
        if (reason !== undefined) break;
      }
      at += 1;
      if (depth === ground && !inString) {
        this.phase = 'between';
        this.atLineStart = false;
        break;
      }
    }
    this.depth = depth;
    this.last = last;
    this.inString = inString;
    this.escaped = at > length;
    if (reason !== undefined)
      this.fault = { reason, resumeAt: (inString ? undefined : swallowedAt(bytes, at)) ?? at };
    return Math.min(at, length);
  }
}

/** After `:`, or where an array's item may begin. */
function mayOpen(last: number, opened: number | undefined): boolean {
  if (last === colon || last === openingBracket) return true;
  return last === comma && opened === openingBracket;
}

/** A string that never ended ends at the first key of the document after it: where that document begins. */
function swallowedAt(bytes: Buffer, at: number): number | undefined {
  return at >= 2 && bytes[at - 2] === openingBrace && bytes[at - 1] === quote ? at - 2 : undefined;
}
