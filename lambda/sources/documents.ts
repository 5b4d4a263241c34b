const quote = 0x22;
const backslash = 0x5c;
const openingBrace = 0x7b;
const openingBracket = 0x5b;
const closingBrace = 0x7d;
const closingBracket = 0x5d;

export interface Document {
  /** Bytes from the start of the unpacked text. */
  readonly offset: number;
  readonly bytes: Buffer;
}

/**
 * Cuts text into its top-level JSON documents: pretty-printed ones, and those with nothing between them.
 * Each byte is looked at once, however many pushes a document goes on over.
 */
export class DocumentCutter {
  private parts: Buffer[] = [];
  private partBytes = 0;
  private start = 0;
  private depth = 0;
  private inString = false;
  private escaped = false;

  /** The document that has begun and not ended; `undefined` between documents. */
  get unfinished(): { readonly offset: number; readonly bytes: number } | undefined {
    return this.depth > 0 ? { offset: this.start, bytes: this.partBytes } : undefined;
  }

  /** Gives the unfinished document up. */
  drop(): void {
    this.parts = [];
    this.partBytes = 0;
    this.depth = 0;
    this.inString = false;
    this.escaped = false;
  }

  /** @param offset - of these bytes in the unpacked text */
  push(bytes: Buffer, offset: number): Document[] {
    const documents: Document[] = [];
    let from = 0;
    for (let at = 0; at < bytes.length; at += 1) {
      const byte = bytes[at] ?? 0;
      if (this.inString) this.character(byte);
      else if (byte === quote) this.inString = this.depth > 0;
      else if (byte === openingBrace || byte === openingBracket) {
        if (this.depth === 0) {
          this.start = offset + at;
          from = at;
        }
        this.depth += 1;
      } else if ((byte === closingBrace || byte === closingBracket) && this.depth > 0) {
        this.depth -= 1;
        if (this.depth > 0) continue;
        documents.push({
          offset: this.start,
          bytes: Buffer.concat([...this.parts, bytes.subarray(from, at + 1)]),
        });
        this.drop();
      }
    }
    if (this.depth > 0) {
      this.parts.push(bytes.subarray(from));
      this.partBytes += bytes.length - from;
    }
    return documents;
  }

  private character(byte: number): void {
    if (this.escaped) this.escaped = false;
    else if (byte === backslash) this.escaped = true;
    else if (byte === quote) this.inString = false;
  }
}
