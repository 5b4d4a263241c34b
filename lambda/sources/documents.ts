const lf = 0x0a;
const space = 0x20;
const quote = 0x22;
const backslash = 0x5c;
const comma = 0x2c;
const colon = 0x3a;
const openingBrace = 0x7b;
const openingBracket = 0x5b;
const closingBrace = 0x7d;
const closingBracket = 0x5d;

/** Deeper documents are given up: no audit event is, and a hostile one must not grow the memory. */
const maxDepth = 10_000;

export type DocumentEvent =
  | {
      readonly kind: 'document';
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
  private parts: Buffer[] = [];
  /** Of the unfinished document, those that aren't kept too. */
  private partBytes = 0;
  private start = 0;
  private readonly maxRecordBytes: number;
  /** The open brackets, from the top, as many as `depth` says. */
  private readonly open = new Uint8Array(maxDepth);
  private depth = 0;
  /** The depth at which a document begins: 1 inside a top-level array. */
  private ground = 0;
  private inString = false;
  private escaped = false;
  /** The last byte outside strings that was neither white space nor a scalar's; a scalar's stands as itself. */
  private last = 0;

  constructor(maxRecordBytes = Number.POSITIVE_INFINITY) {
    this.maxRecordBytes = maxRecordBytes;
  }

  /** The document that has begun and not ended; `undefined` between documents. */
  get unfinished(): { readonly offset: number; readonly bytes: number } | undefined {
    return this.started ? { offset: this.start, bytes: this.partBytes } : undefined;
  }

  /** A document, or the list that documents stand in, has begun and not ended. */
  get isOpen(): boolean {
    return this.depth > 0;
  }

  private get started(): boolean {
    return this.depth > this.ground || (this.inString && this.ground > 0);
  }

  /** Gives the unfinished document up, and what was read of it. */
  drop(): Buffer {
    const bytes = Buffer.concat(this.parts);
    this.parts = [];
    this.partBytes = 0;
    this.depth = 0;
    this.ground = 0;
    this.inString = false;
    this.escaped = false;
    this.last = 0;
    return bytes;
  }

  /** @param offset - of these bytes in the unpacked text */
  push(bytes: Buffer, offset: number): Pushed {
    const events: DocumentEvent[] = [];
    let from = 0;
    let at = 0;
    const begin = () => {
      this.start = offset + at;
      from = at;
    };
    const finish = () => {
      const end = bytes.subarray(from, at + 1);
      const length = this.partBytes + end.length;
      if (length > this.maxRecordBytes) events.push({ kind: 'too-long', offset: this.start, bytes: length });
      else {
        const whole = this.parts.length === 0;
        const all = whole ? end : Buffer.concat([...this.parts, end]);
        events.push({ kind: 'document', offset: this.start, bytes: all, ...(whole ? { from } : {}) });
      }
      this.parts = [];
      this.partBytes = 0;
    };
    const broken = (reason: string, resumeAt = at): Pushed => {
      const start = this.started ? this.start : offset + at;
      const read = this.started ? Buffer.concat([...this.parts, bytes.subarray(from, at)]) : Buffer.alloc(0);
      this.drop();
      events.push({ kind: 'broken', offset: start, bytes: read, reason });
      return { events, rest: bytes.subarray(resumeAt) };
    };
    // the string that never ended ends at the first key of the document after it
    const swallowed = () => (at >= 2 && bytes.toString('latin1', at - 2, at) === '{"' ? at - 2 : at);
    for (; at < bytes.length; at += 1) {
      if (this.inString) {
        at = this.stringEnd(bytes, at);
        if (at === bytes.length) break;
        if (bytes[at] === lf) return broken('a line ends inside a string');
        this.inString = false;
        this.last = quote;
        if (this.depth === this.ground) finish();
        continue;
      }
      const byte = bytes[at] ?? 0;
      if (byte <= space) continue;
      if (byte === quote) {
        // a text between documents is none
        if (this.depth === 0) continue;
        if (this.last === quote) return broken('a text follows a text', swallowed());
        if (this.depth === this.ground) begin();
        this.inString = true;
      } else if (byte === comma || byte === colon) {
        this.last = byte;
      } else if (byte === openingBrace || byte === openingBracket) {
        if (this.depth === 0) {
          if (byte === openingBracket) this.ground = 1;
          else begin();
        } else if (!this.mayOpen()) return broken('a document begins before this one ended');
        else if (this.depth === this.ground) begin();
        if (this.depth >= maxDepth) return broken(`it is nested deeper than ${maxDepth} levels`);
        this.open[this.depth] = byte;
        this.depth += 1;
        this.last = byte;
      } else if (byte === closingBrace || byte === closingBracket) {
        if (this.depth === 0) continue;
        const opened = this.open[this.depth - 1];
        if ((opened === openingBrace) !== (byte === closingBrace))
          return broken('a bracket closes another kind');
        this.depth -= 1;
        this.last = byte;
        if (this.depth === 0 && this.ground === 1) this.ground = 0;
        else if (this.depth === this.ground) finish();
      } else if (this.last === quote && this.depth > 0) {
        return broken('something follows a text', swallowed());
      }
    }
    if (this.started) {
      this.partBytes += bytes.length - from;
      if (this.partBytes > this.maxRecordBytes) this.parts = [];
      else this.parts.push(bytes.subarray(from));
    }
    return { events };
  }

  /** @returns where the string ends: at its quotation mark, at a line feed, which none may hold, or with the bytes */
  private stringEnd(bytes: Buffer, from: number): number {
    let at = from;
    if (this.escaped) {
      this.escaped = false;
      at += 1;
    }
    for (; at < bytes.length; at += 1) {
      const byte = bytes[at];
      if (byte === quote || byte === lf) return at;
      if (byte === backslash) at += 1;
    }
    this.escaped = at > bytes.length;
    return bytes.length;
  }

  /** After `:`, or where an array's item may begin. */
  private mayOpen(): boolean {
    if (this.last === colon || this.last === openingBracket) return true;
    return this.last === comma && this.open[this.depth - 1] === openingBracket;
  }
}
