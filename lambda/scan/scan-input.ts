import type { Place } from '../audit/audit-record.ts';
import { recognizeText } from '../audit/recognize-event.ts';
import type { Recognized, RecognizedEvent } from '../audit/recognized.ts';
import { unpack } from '../framing/decompress.ts';
import { type Frame, type FrameOptions, headBytes } from '../framing/frame.ts';
import { frames } from '../framing/frames.ts';
import { colon, openingBrace, openingBracket } from '../framing/json-bytes.ts';
import { salvaged } from '../framing/malformed-region.ts';
import { NulBytes } from '../framing/nul-bytes.ts';
import { PackedPart } from '../framing/packed-part.ts';
import { createPrefilter, noLiterals, type Prefilter } from '../framing/prefilter.ts';
import { kept } from '../framing/released-chunk.ts';
import { lineBegins } from '../framing/salvage.ts';
import { messageOf } from '../message-of.ts';
import { AuditMarks } from './audit-marks.ts';
import type { Fault, Input, ScanOptions, ScanReport } from './input.ts';
import { holding, PartJoiner, recognizedLines } from './part-joiner.ts';
import { ScanTally } from './scan-tally.ts';
import { type HoldsLiteral, isSuspicious, literalTest } from './suspicious-record.ts';

/** More bytes of JSON would take too much memory when they are parsed. */
const defaultMaxRecordBytes = 16 * 2 ** 20;
/** Larger records are parsed only if they hold few values: each takes up to 60 bytes of memory. */
const anyValuesBytes = 2 * 2 ** 20;
const maxValues = 750_000;
const maxPartBytes = 2 ** 20;
/** A key and its value: a pretty-printed document among lines is not put together. */
const isPieceOfDocument = /^\s*,?\s*"[^"\\]+"\s*:/;

const utf16 = 'UTF-16 is not read: write it as UTF-8';
const suspicion = 'contains a literal of the rules, and no audit event was found in it';

/**
 * Reads an input to its end and passes on each audit event that a rule could match. It rejects only where
 * `onRecord` does: what is wrong with the input is in the report.
 */
export async function scan(input: Input, options: ScanOptions): Promise<ScanReport> {
  const scanner = new InputScanner(input, options);
  try {
    const bytes = await input.open();
    await scanner.run(input.isText ? asBuffers(bytes) : unpack(bytes, scanner.onProgress));
  } catch (error) {
    if (error === scanner.failure) throw error;
    scanner.fault = { origin: input.origin, reason: messageOf(error) };
  }
  return scanner.report();
}

class InputScanner {
  fault: Fault | undefined;
  /** What `onRecord` threw: it is not the input's fault. */
  failure: unknown;
  readonly onProgress: () => Promise<void>;
  private readonly input: Input;
  private readonly options: ScanOptions;
  private readonly maxRecordBytes: number;
  private readonly frameOptions: FrameOptions;
  private readonly tally = new ScanTally();
  private readonly marks = new AuditMarks();
  private readonly nulBytes = new NulBytes();
  private readonly packedPart = new PackedPart();
  private readonly prefilter: Prefilter;
  private readonly holdsLiteral: HoldsLiteral;
  /** A record that was cut off, until the next one shows whether it continues there. */
  private cut: CutRecord | undefined;

  constructor(input: Input, options: ScanOptions) {
    this.input = input;
    this.options = options;
    this.onProgress = options.onProgress ?? (async () => {});
    this.maxRecordBytes = options.maxRecordBytes ?? defaultMaxRecordBytes;
    const { literals, checked } = options;
    this.prefilter = createPrefilter(literals, checked);
    const holdsLiteral = literalTest(literals);
    const checkedOnly = checked && createPrefilter(noLiterals, checked);
    this.holdsLiteral = checkedOnly
      ? (text) => holdsLiteral(text) || checkedOnly.nextCandidate(Buffer.from(text), 0) >= 0
      : holdsLiteral;
    const { nextCandidate } = this.prefilter;
    this.frameOptions = {
      // the part that follows a cut record need not contain a literal
      nextCandidate: (bytes, from) =>
        this.cut !== undefined && from < bytes.length ? from : nextCandidate(bytes, from),
      maxRecordBytes: this.maxRecordBytes,
    };
  }

  async run(chunks: AsyncIterable<Buffer>): Promise<void> {
    for await (const frame of frames(this.counted(chunks), this.frameOptions)) {
      await this.onProgress();
      await this.frame(frame);
    }
    await this.endCut();
    const { utf16At } = this.nulBytes;
    const packed = this.packedPart.found;
    if (packed)
      this.tally.reject(`${packed.kind} behind text is not read`, () => this.place(packed.offset), true);
    if (utf16At !== undefined) this.tally.reject(utf16, () => this.place(utf16At), true);
  }

  private async frame(frame: Frame): Promise<void> {
    switch (frame.kind) {
      case 'record':
        await this.record(frame);
        break;
      case 'malformed':
        await this.damaged(frame.bytes, frame.offset, frame.reason);
        break;
      case 'too-long': {
        const isDense = frame.bytes <= this.maxRecordBytes;
        const reason = isDense
          ? `a record of ${frame.bytes} bytes holds more than ${maxValues} values`
          : `a record of ${frame.bytes} bytes is over the limit of ${this.maxRecordBytes}`;
        await this.damaged(frame.head, frame.offset, reason, true);
        break;
      }
      case 'skipped':
        this.tally.skippedBytes += frame.bytes;
        break;
    }
  }

  report(): ScanReport {
    this.tally.looksLikeAudit = this.marks.found;
    return { ...this.tally.report(), ...(this.fault ? { fault: this.fault } : {}) };
  }

  private async *counted(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const chunk of chunks) {
      await this.onProgress();
      this.tally.bytes += chunk.length;
      this.marks.search(chunk);
      yield* this.surveyed(chunk);
    }
  }

  /** In parts of a limited size, since the places of all candidates in one are kept. */
  private *surveyed(chunk: Buffer): Generator<Buffer> {
    for (let from = 0; from < chunk.length; from += maxPartBytes) {
      const part = chunk.subarray(from, from + maxPartBytes);
      const { hasNul, packed } = this.prefilter.survey(part);
      const text = this.nulBytes.replace(part, hasNul);
      this.packedPart.add(part, text === part ? packed : this.prefilter.survey(text).packed);
      yield text;
    }
  }

  private async record(frame: Extract<Frame, { kind: 'record' }>): Promise<void> {
    const { offset, bytes, framing } = frame;
    if (bytes.length > anyValuesBytes && hasMoreValues(bytes, maxValues)) {
      const options = { ...this.frameOptions, maxRecordBytes: anyValuesBytes };
      for (const part of salvaged(bytes, offset, lineBegins(), options)) await this.frame(part);
      return;
    }
    const text = withoutMark(bytes.toString('utf8'));
    if (text.trim() === '') return;
    const found = recognizeText(text);
    if (this.cut && (await this.continues(this.cut, text, found))) return;
    await this.endCut();
    const [only] = found;
    if (framing === 'salvaged') {
      // a part of something malformed counts only if it is an event
      await this.take(
        found.filter(({ kind }) => kind === 'event'),
        offset,
        bytes,
      );
    } else if (only?.kind === 'truncated' || (only?.kind === 'unreadable' && framing !== 'item')) {
      const isOpen = framing === 'line' || framing === 'document';
      const mayContinue = found.length === 1 && only.kind === 'truncated' && isOpen;
      const joiner = mayContinue ? PartJoiner.begin(text, this.maxRecordBytes) : undefined;
      if (joiner) this.cut = { frame: { ...frame, bytes: kept(bytes) }, found, joiner };
      else await this.damagedRecord(frame, found);
    } else if (framing === 'line' && only?.kind === 'not-audit' && isPieceOfDocument.test(text))
      this.reject(offset, 'a piece of a document among lines', bytes);
    else await this.take(found, offset, bytes);
  }

  /** Whether the record is another part of the one that was cut off. */
  private async continues(cut: CutRecord, text: string, found: readonly Recognized[]): Promise<boolean> {
    const joined = cut.joiner.add(text, holding(found));
    if (joined.kind === 'other') return false;
    if (joined.kind === 'whole') {
      this.cut = undefined;
      await this.take(recognizeText(joined.text), cut.frame.offset, Buffer.from(joined.text));
    }
    return true;
  }

  /** The record that was cut off does not continue: what was read of it is all there is. */
  private async endCut(): Promise<void> {
    const { cut } = this;
    if (!cut) return;
    this.cut = undefined;
    await this.damagedRecord(cut.frame, cut.found);
  }

  /** A whole document around a cut text needs no salvage; one that JSON.parse refuses may be a list of records. */
  private async damagedRecord(
    { offset, bytes, framing }: CutRecord['frame'],
    found: readonly Recognized[],
  ): Promise<void> {
    const [only] = found;
    const isWhole = framing === 'item' || (framing === 'document' && only?.kind === 'truncated');
    const isDamaged = only?.kind === 'truncated' || only?.kind === 'unreadable';
    if (isDamaged && !isWhole) await this.line(offset, bytes, found, only.reason);
    else await this.take(found, offset, bytes);
  }

  /** A line that is no JSON document as a whole: several, or a malformed one. */
  private async line(
    offset: number,
    bytes: Buffer,
    found: readonly Recognized[],
    reason: string,
  ): Promise<void> {
    const start = bytes.indexOf('{');
    const { frameOptions } = this;
    // as it is, the document is malformed although its brackets match
    const maxWholeBytes = Math.min(frameOptions.maxRecordBytes, bytes.length - start - 1);
    const frames =
      found.length === 1 ? salvaged(bytes, offset, lineBegins(), frameOptions, true, maxWholeBytes) : [];
    // a forwarder's prefix belongs to the record
    const first = offset + start;
    let count = 0;
    for (const frame of frames) {
      if (frame.kind === 'skipped') continue;
      count += 1;
      const placed = frame.offset === first ? { ...frame, offset } : frame;
      await this.frame(placed.kind === 'malformed' ? { ...placed, reason } : placed);
    }
    if (count === 0) await this.take(found, offset, bytes);
  }

  /** @param bytes - from the beginning of the record; if they end in an audit event, this is evaluated, too */
  private async damaged(bytes: Buffer, offset: number, reason: string, isTooLong = false): Promise<void> {
    const isCandidate = this.frameOptions.nextCandidate(bytes, 0) >= 0;
    if (!isCandidate) return this.reject(offset, reason, bytes);
    const text = bytes.toString('utf8');
    const [found] = recognizeText(text);
    const read = found?.kind === 'truncated' ? [found] : recognizedLines(text, this.maxRecordBytes);
    const [first] = read;
    if (first === undefined) this.reject(offset, reason, bytes);
    else
      await this.take(isTooLong && first.kind === 'truncated' ? [{ ...first, reason }] : read, offset, bytes);
  }

  /** @param bytes - of the record, or their beginning */
  private async take(found: readonly Recognized[], offset: number, bytes: Buffer): Promise<void> {
    for (const item of found) {
      switch (item.kind) {
        case 'event':
          this.tally.event();
          await this.event(item, offset);
          break;
        case 'truncated':
          this.reject(offset, item.reason, bytes);
          if (!item.head) break;
          this.tally.truncatedEvent();
          await this.event(item.head, offset);
          break;
        case 'not-audit':
          if (isSuspicious(item.content, this.holdsLiteral)) {
            this.tally.suspect(suspicion, () => this.place(offset));
          } else this.tally.notAuditEvent();
          break;
        case 'unreadable':
          this.reject(offset, item.reason, bytes);
          break;
      }
    }
  }

  private async event(item: RecognizedEvent, offset: number): Promise<void> {
    // one record may hold many
    await this.onProgress();
    const { event, format, logGroup, account, pod, cluster: reported } = item;
    const cluster = this.input.cluster({ logGroup, account, reported });
    try {
      const place = this.place(offset);
      await this.options.onRecord({ event, format, cluster, place, ...(pod ? { pod } : {}) });
    } catch (error) {
      this.failure = error;
      throw error;
    }
  }

  private reject(offset: number, reason: string, bytes: Buffer): void {
    // the literal may be behind the part of a long record that is kept
    const holdsLiteral = bytes.length >= headBytes || this.holdsLiteral(bytes.toString('utf8'));
    this.tally.reject(reason, () => this.place(offset), holdsLiteral);
  }

  private place(offset: number): Place {
    return { origin: this.input.origin, offset };
  }
}

/** A line that ends inside a document, and what joins the next lines to it. */
interface CutRecord {
  readonly frame: Extract<Frame, { kind: 'record' }>;
  readonly found: readonly Recognized[];
  readonly joiner: PartJoiner;
}

async function* asBuffers(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  for await (const { buffer, byteOffset, length } of chunks) yield Buffer.from(buffer, byteOffset, length);
}

/** The byte order mark that some writers begin a file with. */
function withoutMark(text: string): string {
  return text.startsWith('\ufeff') ? text.slice(1) : text;
}

/** Counts what opens objects and lists and what follows keys, within strings, too, which may be parsed as well. */
function hasMoreValues(bytes: Buffer, limit: number): boolean {
  let count = 0;
  for (const byte of bytes)
    if (byte === openingBrace || byte === openingBracket || byte === colon) {
      count += 1;
      if (count > limit) return true;
    }
  return false;
}
