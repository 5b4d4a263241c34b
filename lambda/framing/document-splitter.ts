import { type DocumentEvent, moved, type Pushed } from './document-event.ts';
import { DocumentReader, opening } from './document-reader.ts';
import {
  backslash,
  blank,
  closingBracket,
  comma,
  kinds,
  lf,
  openingBrace,
  openingBracket,
  quote,
  scalar,
} from './json-bytes.ts';
import { lastBefore, restart } from './restart.ts';

/** Whether what was found after a broken document is a record of its own, not an object out of the broken one. */
export type IsRecord = (bytes: Buffer) => boolean;

const none: Buffer = Buffer.alloc(0);

/**
 * Cuts text into its top-level JSON documents: pretty-printed ones, those with nothing between them, and the
 * items of a top-level array. Each byte is looked at once, however many pushes a document goes on over. A document
 * over the limit is read past, not kept. After a broken one it is lost: it tries each object that surely begins,
 * until one is a record.
 */
export class DocumentSplitter {
  private readonly maxRecordBytes: number;
  private readonly isRecord: IsRecord;
  private readonly reader = new DocumentReader();
  private phase: 'between' | 'document' | 'text' | 'lost' = 'between';
  /** Where what is unfinished begins in the unpacked text, what is kept of it, and its length. */
  private start = 0;
  private parts: Buffer[] = [];
  private partBytes = 0;
  private inList = false;
  /** Only white space stands before on the line. */
  private atLineStart = true;
  /** The document that is open was tried after a broken one. */
  private isTried = false;
  /** What was tried was a record: whether it stands in a list is seen by what follows. */
  private mayBeInList = false;
  /** What stands between documents is the end of the list, or of what the list is in, that a broken item was in. */
  private isEndOfList = false;
  /** What may be the beginning of an object, at the end of the bytes before. */
  private held = none;
  /** The last byte before that, or before these bytes, that was no white space. */
  private lastBefore: number | undefined;

  constructor(maxRecordBytes: number, isRecord: IsRecord) {
    this.maxRecordBytes = maxRecordBytes;
    this.isRecord = isRecord;
  }

  /** A document has ended here before: this is no hostile text that begins anew at every few bytes. */
  hasCut = false;

  /** Neither in a document or text nor in a list of documents. */
  get isBetween(): boolean {
    return this.phase === 'between' && !this.inList;
  }

  /** @param offset - of these bytes in the unpacked text */
  push(bytes: Buffer, offset: number): Pushed {
    const { held } = this;
    this.held = none;
    const isAlone = held.length === 0;
    const all = isAlone ? bytes : Buffer.concat([held, bytes]);
    const pushed = this.cut(all, offset - held.length);
    this.lastBefore = lastBefore(all, all.length - this.held.length) ?? this.lastBefore;
    return isAlone ? pushed : moved(pushed);
  }

  /** @param offset - of the end of the text */
  end(offset: number): DocumentEvent[] {
    const { phase, inList, held } = this;
    const reason = 'the document is not closed before the end';
    const bytes = this.kept(none);
    if (phase === 'text') return this.finished(phase, bytes, 0, 0);
    if (phase === 'lost' && held.includes(openingBrace))
      return [{ kind: 'broken', offset: offset - held.length, bytes: held, reason }];
    if (phase === 'lost' || (phase === 'between' && !inList)) return [];
    return [{ kind: 'broken', offset: phase === 'between' ? offset : this.start, bytes, reason }];
  }

  private cut(bytes: Buffer, offset: number): Pushed {
    const events: DocumentEvent[] = [];
    let at = 0;
    // of what is unfinished, in these bytes
    let from = 0;
    while (at < bytes.length) {
      if (this.phase === 'between') {
        at = this.between(bytes, at);
        if (at === bytes.length) break;
        if (this.phase === 'between') return { events, rest: bytes.subarray(at) };
        if (this.phase === 'lost') {
          const reason = 'a piece of a document between documents';
          if (!this.isEndOfList) events.push({ kind: 'broken', offset: offset + at, bytes: none, reason });
          continue;
        }
        from = at;
        this.start = offset + at;
      } else if (this.phase === 'lost') {
        at = this.lost(bytes, at);
        if (at === bytes.length) break;
        if (this.phase === 'lost') return { events, rest: bytes.subarray(at) };
        from = at;
        this.start = offset + at;
      }
      if (this.phase === 'text') {
        const to = textEnd(bytes, at, this.atLineStart);
        if (to < 0) break;
        at = to;
        this.phase = 'between';
        events.push(...this.finished('text', bytes, from, at));
        continue;
      }
      const reading = this.reader.read(bytes, at);
      if (reading.kind === 'open') break;
      if (reading.kind === 'ended') {
        at = reading.at;
        this.phase = 'between';
        this.atLineStart = false;
        events.push(...this.finished('document', bytes, from, at));
        continue;
      }
      const read = this.kept(bytes.subarray(from, reading.at));
      events.push({ kind: 'broken', offset: this.start, bytes: read, reason: reading.reason });
      this.lose();
      at = reading.resumeAt;
      if (at < 0) {
        const again = moved(this.cut(Buffer.concat([opening.subarray(0, -at), bytes]), offset + at));
        return { ...again, events: [...events, ...again.events] };
      }
    }
    if (this.phase === 'document' || this.phase === 'text') this.keep(bytes.subarray(from));
    return { events };
  }

  /** What is unfinished, with its end; nothing of what is too long. */
  private kept(end: Buffer): Buffer {
    if (this.partBytes > this.maxRecordBytes) return none;
    return this.parts.length === 0 ? end : Buffer.concat([...this.parts, end]);
  }

  private keep(bytes: Buffer): void {
    this.partBytes += bytes.length;
    if (this.partBytes > this.maxRecordBytes) this.parts = [];
    else this.parts.push(bytes);
  }

  private lose(): void {
    this.phase = 'lost';
    this.parts = [];
    this.partBytes = 0;
    this.inList = false;
    this.mayBeInList = false;
  }

  private finished(kind: 'document' | 'text', bytes: Buffer, from: number, to: number): DocumentEvent[] {
    const { start, parts, isTried } = this;
    const length = this.partBytes + to - from;
    const end = bytes.subarray(from, to);
    const whole = this.kept(end);
    this.hasCut = true;
    this.isTried = false;
    this.parts = [];
    this.partBytes = 0;
    if (length > this.maxRecordBytes) return [{ kind: 'too-long', offset: start, bytes: length }];
    if (isTried && kind === 'document') {
      if (!this.isRecord(whole)) {
        this.lose();
        return [];
      }
      this.mayBeInList = true;
    }
    if (parts.length === 0) return [{ kind, offset: start, bytes: end, from }];
    return [{ kind, offset: start, bytes: whole }];
  }

  private begin(phase: 'document' | 'text', isTried: boolean): void {
    this.phase = phase;
    this.isTried = isTried;
    this.reader.begin();
  }

  /** @returns where a document, a text or what is neither begins; still between documents: where another framing may */
  private between(bytes: Buffer, from: number): number {
    for (let at = from; at < bytes.length; at += 1) {
      const byte = bytes[at] ?? 0;
      const kind = kinds[byte];
      if (byte === lf) this.atLineStart = true;
      if (kind === blank) continue;
      if (byte === openingBracket && !this.inList) {
        this.inList = true;
        this.mayBeInList = false;
      } else if (kind === openingBrace || (kind === quote && this.inList)) {
        if (this.mayBeInList && !this.inList) {
          if (this.atLineStart) return at;
          this.mayBeInList = false;
        }
        this.begin('document', false);
        return at;
      } else if (byte === comma && (this.inList || this.mayBeInList)) this.inList = true;
      else if (byte === closingBracket && this.inList && !this.mayBeInList) this.inList = false;
      else if (kind === scalar && !this.inList) {
        this.begin('text', false);
        return at;
      } else if (kind !== scalar || byte === backslash) {
        this.isEndOfList = this.mayBeInList && (!this.inList || byte === closingBracket);
        this.lose();
        return at;
      }
      this.atLineStart = false;
    }
    return bytes.length;
  }

  /** @returns where an object or a line surely begins; still lost: where another framing may */
  private lost(bytes: Buffer, from: number): number {
    const next = restart(bytes, from, this.lastBefore);
    switch (next.kind) {
      case 'none':
        this.held = bytes.subarray(next.heldFrom);
        return bytes.length;
      case 'text':
        this.atLineStart = true;
        this.begin('text', true);
        return next.at;
      case 'document':
        this.begin('document', !next.apart);
        return next.at;
      case 'anew':
        return next.at;
    }
  }
}

/** To the end of a line that is a text from its start; else to the next document on it, too; -1 where neither is. */
function textEnd(bytes: Buffer, from: number, isWholeLine: boolean): number {
  const line = bytes.indexOf(lf, from);
  const document = isWholeLine
    ? -1
    : bytes.subarray(from, line < 0 ? bytes.length : line).indexOf(openingBrace);
  return document < 0 ? line : from + document;
}
