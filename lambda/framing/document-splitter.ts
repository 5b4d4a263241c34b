import { boundaryBefore, objectStart } from './document-boundaries.ts';
import type { Frame, FrameOptions } from './frame.ts';
import {
  classes,
  closingBracket,
  comma,
  isBlank,
  lf,
  openingBrace,
  openingBracket,
  quote,
  scalar,
} from './json-bytes.ts';
import { JsonReader } from './json-reader.ts';
import { headBytes } from './malformed-region.ts';
import { PartSearch } from './part-search.ts';
import type { NextCandidate } from './prefilter.ts';
import { recordListIn } from './salvage.ts';

/** What the splitter has done with the bytes. */
export type Outcome =
  | { readonly kind: 'read' }
  /** The text is framed in lines; they begin with the parts, and go on in the bytes at `at`. */
  | {
      readonly kind: 'lines';
      readonly offset: number;
      readonly parts: readonly Buffer[];
      readonly at: number;
    }
  /** A document is malformed, or too long but a list of records; it begins with the parts, and goes on at `at`. */
  | {
      readonly kind: 'malformed';
      readonly offset: number;
      readonly parts: readonly Buffer[];
      readonly at: number;
    };

/**
 * `start`: nothing but white space was read. `first`: in the first document, whose line decides how the text is framed.
 * `after-first`: behind it, on its line. `bracket`: behind a bracket that may open a list of documents.
 */
type Phase =
  | 'start'
  | 'first-bracket'
  | 'first'
  | 'after-first'
  | 'between'
  | 'bracket'
  | 'document'
  | 'text';

const none = Buffer.alloc(0);
/** An EventList names its items within these. */
const probedBytes = 4_096;
const byteOrderMark = Buffer.from('\ufeff');

/**
 * Cuts text into its top-level JSON documents: pretty-printed ones, those with nothing between them, and the items of a
 * top-level list of objects. Each byte is looked at once, over however many pushes a document goes on. It ends with the
 * first document that is malformed, and with the first one if that turns out to be a line among lines.
 */
export class DocumentSplitter {
  private readonly nextCandidate: NextCandidate;
  private readonly maxRecordBytes: number;
  private readonly reader = new JsonReader();
  private phase: Phase = 'start';
  private inList = false;
  /** Only white space stands before on the line. */
  private atLineStart = true;
  /** The bytes that are read, how far, and their offset in the decompressed text. */
  private bytes: Buffer = none;
  private at = 0;
  private offset = 0;
  /** Where in these bytes what is unfinished begins, or goes on. */
  private from = 0;
  /** Where what is unfinished begins in the decompressed text, and what was read of it before these bytes. */
  private start = 0;
  private parts: Buffer[] = [];
  private partBytes = 0;
  /** Searches what is too long to be kept; the only part is its head. */
  private search: PartSearch | undefined;
  /** The candidate that the last step found. */
  private found: Frame | undefined;
  private skipped = 0;
  /** No boundary lies before this place in the bytes that are read. */
  private searchedTo = 0;

  constructor({ nextCandidate, maxRecordBytes }: FrameOptions) {
    this.nextCandidate = nextCandidate;
    this.maxRecordBytes = maxRecordBytes;
  }

  /** @param offset - of the first one of the bytes in the decompressed text */
  *push(bytes: Buffer, at: number, offset: number): Generator<Frame, Outcome> {
    Object.assign(this, { bytes, at, from: at, offset, searchedTo: 0 });
    let outcome: Outcome | undefined;
    while (!outcome && this.at < bytes.length) {
      outcome = this.step();
      if (this.found) yield this.found;
      this.found = undefined;
    }
    outcome ??= this.keep(bytes.subarray(this.from)) ?? { kind: 'read' };
    if (this.skipped > 0) yield { kind: 'skipped', bytes: this.skipped };
    this.skipped = 0;
    return outcome;
  }

  /** @param offset - of the end of the text */
  *end(offset: number): Generator<Frame, Outcome> {
    const { start, parts } = this;
    Object.assign(this, { bytes: none, at: 0, from: 0, offset });
    if (this.phase === 'text' || this.search) this.finish(0);
    else if (parts.length > 0) return { kind: 'malformed', offset: start, parts, at: 0 };
    else if (this.inList)
      yield { kind: 'malformed', offset, bytes: none, reason: 'a list is not closed before the end' };
    if (this.found) yield this.found;
    if (this.skipped > 0) yield { kind: 'skipped', bytes: this.skipped };
    return { kind: 'read' };
  }

  private step(): Outcome | undefined {
    switch (this.phase) {
      case 'start':
        return this.beforeFirst();
      case 'after-first':
        return this.afterFirst();
      case 'between':
        return this.between();
      case 'bracket':
      case 'first-bracket':
        return this.afterBracket();
      case 'first':
      case 'document':
        return this.inDocument();
      case 'text':
        return this.inText();
    }
  }

  private beforeFirst(): Outcome | undefined {
    const byte = this.bytes[this.at] ?? 0;
    if (byte === openingBrace || byte === openingBracket)
      this.begin(byte === openingBrace ? 'first' : 'first-bracket');
    else if (!isBlank(byte) && !byteOrderMark.includes(byte)) return this.lines(this.at);
    else this.skipByte();
    return undefined;
  }

  private afterFirst(): Outcome | undefined {
    const byte = this.bytes[this.at] ?? 0;
    if (byte === lf) return this.lines(this.at + 1);
    if (byte === openingBrace || byte === openingBracket) this.phase = 'between';
    else if (!isBlank(byte)) return this.lines(this.at);
    else this.skipByte();
    return undefined;
  }

  /** Skips a byte, and the white space behind it on its line: a file may begin with millions of zeros. */
  private skipByte(): void {
    const { bytes, at } = this;
    let to = at + 1;
    while (to < bytes.length && bytes[to] !== lf && isBlank(bytes[to])) to += 1;
    this.skipped += to - at;
    this.at = to;
  }

  private between(): Outcome | undefined {
    const byte = this.bytes[this.at] ?? 0;
    if (byte === openingBrace) {
      if (!this.inList) this.skip();
      this.begin('document');
    } else if (byte === lf) this.atLineStart = true;
    else if (isBlank(byte)) {
      // within a line: a text may be indented
    } else if (byte === openingBracket && !this.inList) this.begin('bracket');
    else if (byte === closingBracket && this.inList) this.inList = false;
    else if (classes[byte] === scalar && !this.inList) this.begin('text');
    else if (!this.inList || (byte !== comma && classes[byte] !== scalar)) {
      const { offset, at } = this;
      return { kind: 'malformed', offset: offset + at, parts: [], at };
    }
    if (this.phase === 'between') this.skipByte();
    return undefined;
  }

  /** A list of objects is cut into them. Any other list is one document, and a word in brackets begins a text. */
  private afterBracket(): Outcome | undefined {
    const byte = this.bytes[this.at] ?? 0;
    if (isBlank(byte)) this.at += 1;
    else if (byte === openingBrace) {
      this.forget();
      this.inList = true;
      this.phase = 'between';
    } else if (byte === quote || byte === openingBracket || byte === closingBracket) {
      this.reader.begin();
      this.reader.read(Buffer.of(openingBracket), 0);
      this.phase = 'document';
    } else if (this.phase === 'first-bracket') return this.lines(this.from);
    else this.phase = 'text';
    return undefined;
  }

  private inDocument(): Outcome | undefined {
    const { bytes, at, from, start, parts, phase } = this;
    const reading = this.reader.read(bytes, at);
    const to = reading.kind === 'open' ? bytes.length : reading.at;
    const lineEnd = phase === 'first' ? bytes.indexOf(lf, at) : at;
    const isLine = lineEnd < 0 || lineEnd > to || (lineEnd === to && reading.kind === 'ended');
    this.at = to;
    if (reading.kind === 'open') {
      if (!isLine) this.phase = 'document';
    } else if (reading.kind === 'ended') {
      if (!this.search && this.partBytes + to - from > this.maxRecordBytes) {
        const whole = [...parts, bytes.subarray(from, to)];
        if (opensRecordList(whole)) return { kind: 'malformed', offset: start, parts: whole, at: to };
      }
      this.finish(to);
      this.phase = isLine ? 'after-first' : 'between';
    } else if (this.search) {
      this.finish(to);
      return { kind: 'malformed', offset: this.offset + to, parts: [], at: to };
    } else if (isLine && !this.beginsObject(to)) return this.lines(from);
    else return { kind: 'malformed', offset: start, parts: [...parts, bytes.subarray(from, to)], at: to };
    return undefined;
  }

  /** Words in braces may begin a line of text. */
  private beginsObject(to: number): boolean {
    return objectStart(Buffer.concat([...this.parts, this.bytes.subarray(this.from, to)]), 0) === 0;
  }

  /** A text goes to the end of its line; one that begins within a line ends before a document, too. */
  private inText(): undefined {
    const { bytes, at } = this;
    const line = bytes.indexOf(lf, at);
    const end = line < 0 ? bytes.length : line;
    const document = this.atLineStart ? -1 : bytes.subarray(at, end).indexOf(openingBrace);
    this.at = document < 0 ? end : at + document;
    if (document < 0 && line < 0) return;
    this.finish(this.at);
    this.phase = 'between';
  }

  private lines(at: number): Outcome {
    const { offset, start, parts } = this;
    return { kind: 'lines', offset: parts.length > 0 ? start : offset + at, parts, at };
  }

  private begin(phase: 'first-bracket' | 'bracket' | 'first' | 'document' | 'text'): void {
    this.phase = phase;
    this.from = this.at;
    this.start = this.offset + this.at;
    if (phase !== 'text') this.atLineStart = false;
    if (phase === 'bracket' || phase === 'first-bracket') this.at += 1;
    else this.reader.begin();
  }

  /** Skips whole documents without a candidate, which need not be separated. */
  private skip(): void {
    const { bytes, at, searchedTo } = this;
    if (at < searchedTo) return;
    const hit = this.nextCandidate(bytes, at);
    this.searchedTo = hit < 0 ? bytes.length : hit;
    const boundary = boundaryBefore(bytes, at, this.searchedTo);
    if (boundary < 0) return;
    this.skipped += boundary - at;
    this.at = boundary;
  }

  private finish(to: number): void {
    if (this.parts.length > 0) this.finishParts(to);
    else {
      const { bytes, from, start } = this;
      // these bytes are searched once, however many documents lie in them
      const hit = this.nextCandidate(bytes, from);
      if (hit < 0 || hit >= to) this.skipped += to - from;
      else this.found = this.frame(start, bytes.subarray(from, to), to - from);
    }
  }

  private finishParts(to: number): void {
    const { parts, partBytes, search, start } = this;
    const end = this.bytes.subarray(this.from, to);
    const whole = Buffer.concat([...parts, end]);
    const length = partBytes + end.length;
    this.forget();
    search?.push(end);
    if (search ? search.hasCandidate : this.nextCandidate(whole, 0) >= 0)
      this.found = this.frame(start, whole, length);
    else this.skipped += length;
  }

  /** @param bytes - of a record that is too long only its beginning */
  private frame(offset: number, bytes: Buffer, length: number): Frame {
    if (length > this.maxRecordBytes)
      return { kind: 'too-long', offset, bytes: length, head: Buffer.from(bytes.subarray(0, headBytes)) };
    return { kind: 'record', offset, bytes, framing: this.phase === 'text' ? 'line' : 'document' };
  }

  private forget(): void {
    this.parts = [];
    this.partBytes = 0;
    this.search = undefined;
  }

  private keep(part: Buffer): Outcome | undefined {
    if (!isUnfinished(this.phase)) return undefined;
    this.partBytes += part.length;
    if (this.search) {
      this.search.push(part);
      return undefined;
    }
    this.parts.push(part);
    if (this.partBytes <= this.maxRecordBytes) return undefined;
    const { start, parts } = this;
    if (this.phase !== 'text' && opensRecordList(parts))
      return { kind: 'malformed', offset: start, parts, at: this.bytes.length };
    const whole = Buffer.concat(parts);
    if (this.phase === 'first') this.phase = 'document';
    this.search = new PartSearch(this.nextCandidate);
    this.search.push(whole);
    this.parts = [Buffer.from(whole.subarray(0, headBytes))];
    return undefined;
  }
}

function isUnfinished(phase: Phase): boolean {
  return phase !== 'start' && phase !== 'after-first' && phase !== 'between';
}

function opensRecordList(parts: readonly Buffer[]): boolean {
  const head = Buffer.concat(parts.map((part) => part.subarray(0, probedBytes))).subarray(0, probedBytes);
  const reader = new JsonReader();
  reader.begin();
  reader.read(head, 0);
  return recordListIn(head, reader) !== undefined;
}
