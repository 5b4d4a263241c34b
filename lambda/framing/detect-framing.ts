import {
  backslash,
  closingBrace,
  closingBracket,
  lf,
  openingBrace,
  openingBracket,
  quote,
} from './json-bytes.ts';

/** What a list of documents, of texts that are documents, or an empty one goes on with. */
const beginsItem: ReadonlySet<number> = new Set([openingBrace, openingBracket, quote, closingBracket]);

export type Framing = 'lines' | 'documents';

/**
 * Sees by the beginning of a text how it is framed: in lines, unless the first JSON document goes on past its line's
 * end, is followed by another on its line, or is a list. Each byte is looked at once.
 */
export class FramingDetector {
  private phase: 'before' | 'in' | 'after' | 'list' = 'before';
  private depth = 0;
  private inString = false;
  private escaped = false;

  /** @returns `undefined` where more of the text has to be seen */
  push(bytes: Buffer): Framing | undefined {
    for (const byte of bytes) {
      const framing = this.see(byte);
      if (framing) return framing;
    }
    return undefined;
  }

  private see(byte: number): Framing | undefined {
    switch (this.phase) {
      case 'before':
        if (isBlank(byte) || byte === lf) return undefined;
        if (byte !== openingBrace && byte !== openingBracket) return 'lines';
        this.phase = byte === openingBrace ? 'in' : 'list';
        this.depth = 1;
        return undefined;
      case 'list':
        // a text may begin with a word in brackets
        if (isBlank(byte) || byte === lf) return undefined;
        return beginsItem.has(byte) ? 'documents' : 'lines';
      case 'in':
        return byte === lf ? 'documents' : this.inside(byte);
      case 'after':
        if (byte === openingBrace || byte === openingBracket) return 'documents';
        return isBlank(byte) ? undefined : 'lines';
    }
  }

  private inside(byte: number): undefined {
    if (this.inString) {
      if (this.escaped) this.escaped = false;
      else if (byte === backslash) this.escaped = true;
      else if (byte === quote) this.inString = false;
    } else if (byte === quote) this.inString = true;
    else if (byte === openingBrace || byte === openingBracket) this.depth += 1;
    else if (byte === closingBrace || byte === closingBracket) {
      this.depth -= 1;
      if (this.depth === 0) this.phase = 'after';
    }
  }
}

/** White space within a line, and the bytes of a byte order mark. */
function isBlank(byte: number): boolean {
  return byte === 0x20 || byte === 0x09 || byte === 0x0d || byte === 0xef || byte === 0xbb || byte === 0xbf;
}
