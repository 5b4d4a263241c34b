import {
  beginningAt,
  boundaryBefore,
  boundaryBytes,
  type Container,
  containerBehind,
  isMember,
  lineStart,
  nearBytes,
  nextOpening,
  textEnd,
} from './document-boundaries.ts';
import { type Frame, type FrameOptions, headBytes } from './frame.ts';
import { openingBrace, quote, trimEnd } from './json-bytes.ts';
import { JsonReader, type Reading } from './json-reader.ts';
import type { TextWindow } from './text-cursor.ts';

/** The last bytes before a list whose items are records: an EventList's, a subscription envelope's, other envelopes'. */
const recordListKey = /"(?:items|logEvents|events|[rR]ecords|entries)"\s*:\s*$/;
const keyBytes = 32;
/** Keys of audit events: a list behind one is in a body, even if damage makes it look like a list of the event's own. */
const eventKeys = ['"auditID"', '"AuditId"', '"protoPayload"'].map((key) => Buffer.from(key));
/** So many bytes behind a place decide what begins there. */
export const lookaheadBytes = 256;

/**
 * `intact`: nothing malformed has been met. `certain`: something has, but what begins here is no part of it. `lost`: it
 * may be. `over`: what begins here has nothing to do with it, and may be framed in another way.
 */
type Place = 'intact' | 'certain' | 'lost' | 'over';

/**
 * Reads documents: pretty-printed ones, those with nothing between them, and the items of lists; lines of text may be
 * among them. From a malformed document on, the intact ones beside it are salvaged, up to the next line behind the fault
 * that surely begins a record. Of a malformed document only the items of its list of records count: what else closed
 * within it is not promoted to a record, since whoever sends a request chooses what its body holds.
 *
 * Documents without a candidate are skipped unread: of `{"a":1}{"b":2}{"csr":3}` with the candidate `csr` only the last
 * one is read. A document surely begins there, because `}{"` followed by a letter cannot be inside a string. Items of a
 * list have no such boundary, so all are read: one after another in WebAssembly up to the one with the candidate.
 */
export class RecordReader {
  place: Place = 'intact';
  private container: Container = 'none';
  /** Where the fault was met, in the text. The next line behind it that surely begins a record ends the salvage. */
  private faultOffset = Infinity;
  /** Where the document begins in the text that was open at the end of the last window, and how many bytes of it were read. */
  private openFrom = 0;
  private openBytes = 0;
  /** The next candidate in the window, or its end. */
  private hit = -1;
  /** The next line in the window that surely begins a record, and the bytes before it. Only salvage looks for it. */
  private line = -1;
  private part: Buffer = Buffer.alloc(0);
  private readonly json = new JsonReader();
  private readonly window: TextWindow;
  private readonly options: FrameOptions;

  constructor(window: TextWindow, options: FrameOptions) {
    this.window = window;
    this.options = options;
  }

  /** Reads up to where more bytes are needed in the window, or the place is `over`. */
  *read(): Generator<Frame> {
    const { bytes, isLast } = this.window;
    this.part = bytes;
    this.hit = -1;
    this.line = -1;
    while (this.findBeginning()) if (!this.skip() && !(yield* this.readRecord())) return;
    const isOpen = this.container !== 'none' && (this.place === 'intact' || this.place === 'certain');
    if (isLast && isOpen) yield this.malformed(bytes.length, 'a list is not closed before the end');
  }

  /** Goes to what begins next. @returns whether there is something in the window */
  private findBeginning(): boolean {
    const { window } = this;
    const { bytes, base } = window;
    for (;;) {
      if (window.at === this.line) this.place = base + this.line < this.faultOffset ? 'certain' : 'over';
      if (this.place === 'over') return false;
      if (this.place !== 'intact' && this.line <= window.at) {
        this.line = lineStart(bytes, window.at);
        this.part = this.line < 0 ? bytes : bytes.subarray(0, this.line);
      }
      if (this.place === 'lost') window.at = Math.min(nextOpening(this.part, window.at), this.end);
      else while (window.at < this.end && this.isBetween()) window.at += 1;
      if (window.at < this.end) return true;
      if (this.line < 0) return false;
    }
  }

  private get hasMore(): boolean {
    return this.line < 0 && !this.window.isLast;
  }

  /** Behind it, more bytes decide what begins. */
  private get end(): number {
    const { length } = this.part;
    const isDecided = this.place === 'intact' || !this.hasMore;
    return isDecided ? length : Math.max(this.window.at, length - lookaheadBytes);
  }

  private isBetween(): boolean {
    const next = containerBehind(this.part, this.window.at, this.container, this.place !== 'intact');
    this.container = next ?? this.container;
    return next !== undefined;
  }

  /** Skips documents up to the one that holds the next candidate. @returns whether there are any */
  private skip(): boolean {
    const { window, part } = this;
    const { bytes, at, base } = window;
    if (this.hit < at) {
      const hit = this.options.nextCandidate(bytes, at);
      this.hit = hit < 0 ? bytes.length : hit;
    }
    if (bytes[at] !== openingBrace) return false;
    if (this.place === 'intact' && this.container === 'none' && base + this.hit > window.searchedTo) {
      const from = Math.max(at, window.searchedTo - base - boundaryBytes);
      window.searchedTo = base + this.hit;
      window.at = Math.max(at, boundaryBefore(bytes, from, this.hit));
    }
    const to = Math.min(this.hit, part.length);
    if (window.at === at) window.at = this.json.skip(part, at, to, this.options.maxRecordBytes);
    return window.at > at;
  }

  /** @returns whether what follows can be read; otherwise more bytes are needed */
  private *readRecord(): Generator<Frame, boolean> {
    const { window, part } = this;
    const { at } = window;
    // whoever sent the request chose what is in the value of a member: it is no record
    const isRecord = this.place !== 'lost' || !isMember(part, at);
    const isText = this.place === 'intact' && beginningAt(part, at) === 'text';
    const reading = isText ? this.readText() : this.readDocument();
    const to = reading.kind === 'open' ? part.length : reading.at;
    if (reading.kind === 'fault' && this.place === 'intact') return this.beginSalvage(to);
    const isDivided = reading.kind === 'fault' || to - at > this.options.maxRecordBytes;
    if (isDivided && isRecord && this.enterRecords()) return true;
    if (reading.kind === 'open') return false;
    if (reading.kind === 'fault') return yield* this.lose(isRecord, reading.reason);
    window.at = to;
    if (isRecord && this.hit < to) {
      yield this.record(at, isText);
      // whoever takes the record may want the next one
      this.hit = -1;
    }
    return true;
  }

  private readText(): Reading {
    const at = textEnd(this.part, this.window.at);
    return this.hasMore && at === this.part.length ? { kind: 'open' } : { kind: 'ended', at };
  }

  private readDocument(): Reading {
    const { part, json } = this;
    const { at, base } = this.window;
    const length = part.length - at;
    // of one that was too long the rest was read elsewhere: another document begins here
    const isContinued = base + at === this.openFrom;
    // all lists of a document that is too long have to be known
    const readBytes = isContinued && length <= this.options.maxRecordBytes ? this.openBytes : 0;
    this.openFrom = base + at;
    if (readBytes === 0) json.begin();
    // only an item of a list may be a string; another one may be in the body of a request
    if (part[at] === quote && this.container === 'none')
      return { kind: 'fault', at, reason: 'a string where none may be' };
    const reading = json.read(part, at + readBytes);
    const isOpen = reading.kind === 'open' && this.hasMore;
    this.openBytes = isOpen && this.place === 'intact' ? length : 0;
    if (reading.kind !== 'open' || isOpen) return reading;
    return { kind: 'fault', at: part.length, reason: 'the document is not closed before the end' };
  }

  /** @param to - where the fault was met */
  private beginSalvage(to: number): boolean {
    const { bytes, at, base, isLast } = this.window;
    const isShort = bytes.length - at < Math.min(nearBytes, this.options.maxRecordBytes);
    // without a candidate the document is skipped, too, if more bytes show where another one begins
    if (this.hit === bytes.length && isShort && !isLast) return false;
    this.fail('certain', base + to);
    return true;
  }

  /** @param offset - where the fault was met in the text */
  fail(place: 'certain' | 'lost', offset: number): void {
    this.place = place;
    this.container = 'none';
    this.faultOffset = offset;
  }

  /** Enters the list of records that opened directly in the object that was read last. */
  private enterRecords(): boolean {
    if (this.container === 'records') return false;
    const keyOf = (list: number) => this.part.toString('latin1', Math.max(0, list - keyBytes), list);
    const list = this.json.listsAt.find((at) => recordListKey.test(keyOf(at)));
    if (list === undefined) return false;
    const before = this.part.subarray(this.window.at, list);
    if (eventKeys.some((key) => before.includes(key))) return false;
    if (this.place === 'lost') this.place = 'certain';
    this.container = 'records';
    this.window.at = list + 1;
    return true;
  }

  private *lose(isRecord: boolean, reason: string): Generator<Frame, boolean> {
    const { window } = this;
    const { at, bytes } = window;
    // a string that was never closed ends at the first key of the document behind it
    const from = Math.max(at, this.json.stringAt) + 1;
    const next = Math.min(nextOpening(this.part, from), this.end);
    const isShort = next === this.end && bytes.length - at <= this.options.maxRecordBytes;
    if (isShort && this.hasMore) return false;
    window.at = next;
    if (isRecord) yield this.malformed(at, reason);
    this.place = 'lost';
    return true;
  }

  /** @param from - where something malformed begins, which goes to the place */
  private malformed(from: number, reason: string): Frame {
    const { bytes, base, at } = this.window;
    const to = trimEnd(bytes, from, Math.min(at, from + headBytes));
    return { kind: 'malformed', offset: base + from, bytes: bytes.subarray(from, to), reason };
  }

  /** @param from - where the record begins that ends at the place */
  private record(from: number, isText: boolean): Frame {
    const { bytes, base, at } = this.window;
    const offset = base + from;
    const record = bytes.subarray(from, trimEnd(bytes, from, at));
    if (at - from > this.options.maxRecordBytes)
      return { kind: 'too-long', offset, bytes: at - from, head: record.subarray(0, headBytes) };
    const isDocument = this.place === 'intact' && this.container !== 'records';
    const framing = this.place === 'lost' ? 'salvaged' : isDocument ? 'document' : 'item';
    return { kind: 'record', offset, bytes: record, framing: isText ? 'line' : framing };
  }
}
