import { recognizeText } from '../audit/recognize-event.ts';
import type { Recognized } from '../audit/recognized.ts';
import { unpack } from '../framing/decompress.ts';
import type { Frame, FrameOptions } from '../framing/frame.ts';
import { frames } from '../framing/frames.ts';
import { createPrefilter } from '../framing/prefilter.ts';
import { kept } from '../framing/released-chunk.ts';
import { messageOf } from '../message-of.ts';
import { ChunkSurvey } from './chunk-survey.ts';
import type { Fault, Input, ScanOptions, ScanReport } from './input.ts';
import { holding, PartJoiner, recognizedLines } from './part-joiner.ts';
import { RecordEvaluator } from './record-evaluator.ts';
import { hasMoreValues, partsOf } from './record-parts.ts';
import { ScanTally } from './scan-tally.ts';

/** More bytes of JSON would take too much memory when they are parsed. */
const defaultMaxRecordBytes = 16 * 2 ** 20;
/** Larger records are parsed only if they hold few values: each takes up to 60 bytes of memory. */
const anyValuesBytes = 2 * 2 ** 20;
const maxValues = 750_000;
/** A key and its value: a pretty-printed document among lines is not put together. */
const isPieceOfDocument = /^\s*,?\s*"[^"\\]+"\s*:/;

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
    if (scanner.isFailure(error)) throw error;
    scanner.fault = { origin: input.origin, reason: messageOf(error) };
  }
  return scanner.report();
}

class InputScanner {
  fault: Fault | undefined;
  readonly onProgress: () => Promise<void>;
  private readonly maxRecordBytes: number;
  private readonly frameOptions: FrameOptions;
  private readonly tally = new ScanTally();
  private readonly survey: ChunkSurvey;
  private readonly evaluator: RecordEvaluator;
  /** A record that was cut off, until the next one shows whether it continues there. */
  private cut: CutRecord | undefined;

  constructor(input: Input, options: ScanOptions) {
    this.onProgress = options.onProgress ?? (async () => {});
    this.maxRecordBytes = options.maxRecordBytes ?? defaultMaxRecordBytes;
    const { literals, checked } = options;
    const prefilter = createPrefilter(literals, checked);
    this.survey = new ChunkSurvey(prefilter);
    this.evaluator = new RecordEvaluator(input, options, this.tally);
    const { nextCandidate } = prefilter;
    this.frameOptions = {
      // the part that follows a cut record need not contain a literal
      nextCandidate: (bytes, from) =>
        this.cut !== undefined && from < bytes.length ? from : nextCandidate(bytes, from),
      maxRecordBytes: this.maxRecordBytes,
    };
  }

  async run(chunks: AsyncIterable<Buffer>): Promise<void> {
    for await (const frame of frames(this.surveyed(chunks), this.frameOptions)) {
      await this.onProgress();
      this.tally.readTo(frame.offset, frame.kind === 'too-long' ? frame.bytes : frame.bytes.length);
      await this.frame(frame);
    }
    this.tally.readTo(this.tally.bytes, 0);
    await this.endCut();
    for (const { reason, offset } of this.survey.unread())
      this.tally.reject(reason, () => this.evaluator.place(offset), true);
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
    }
  }

  /** Whether `onRecord` threw it: it is not the input's fault. */
  isFailure(error: unknown): boolean {
    return error === this.evaluator.failure;
  }

  report(): ScanReport {
    this.tally.looksLikeAudit = this.survey.looksLikeAudit;
    return { ...this.tally.report(), ...(this.fault ? { fault: this.fault } : {}) };
  }

  private async *surveyed(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const chunk of chunks) {
      await this.onProgress();
      this.tally.bytes += chunk.length;
      yield* this.survey.parts(chunk);
    }
  }

  private async record(frame: Extract<Frame, { kind: 'record' }>): Promise<void> {
    const { offset, bytes, framing } = frame;
    if (bytes.length > anyValuesBytes && hasMoreValues(bytes, maxValues)) {
      const options = { ...this.frameOptions, maxRecordBytes: anyValuesBytes };
      for (const part of partsOf(bytes, offset, options)) await this.frame(part);
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
      await this.evaluator.take(
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
      this.evaluator.reject(offset, 'a piece of a document among lines', bytes);
    else await this.evaluator.take(found, offset, bytes);
  }

  /** Whether the record is another part of the one that was cut off. */
  private async continues(cut: CutRecord, text: string, found: readonly Recognized[]): Promise<boolean> {
    // an item of a list, one a line, is a record although a comma follows it
    const item = text.trimEnd();
    const own = item.endsWith(',') ? recognizeText(item.slice(0, -1)) : found;
    const joined = cut.joiner.add(text, holding(own));
    if (joined.kind === 'other') return false;
    if (joined.kind === 'whole') {
      this.cut = undefined;
      await this.evaluator.take(recognizeText(joined.text), cut.frame.offset, Buffer.from(joined.text));
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
    else await this.evaluator.take(found, offset, bytes);
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
    const maxRecordBytes = Math.min(frameOptions.maxRecordBytes, bytes.length - start - 1);
    const frames = found.length === 1 ? partsOf(bytes, offset, { ...frameOptions, maxRecordBytes }) : [];
    // a forwarder's prefix belongs to the record
    const first = offset + start;
    let count = 0;
    for (const frame of frames) {
      if (frame.kind === 'too-long') continue;
      count += 1;
      const placed = frame.offset === first ? { ...frame, offset } : frame;
      await this.frame(placed.kind === 'malformed' ? { ...placed, reason } : placed);
    }
    if (count === 0) await this.evaluator.take(found, offset, bytes);
  }

  /** @param bytes - from the beginning of the record; if they end in an audit event, this is evaluated, too */
  private async damaged(bytes: Buffer, offset: number, reason: string, isTooLong = false): Promise<void> {
    const isCandidate = this.frameOptions.nextCandidate(bytes, 0) >= 0;
    if (!isCandidate) return this.evaluator.reject(offset, reason, bytes);
    const text = bytes.toString('utf8');
    const [found] = recognizeText(text);
    const read = found?.kind === 'truncated' ? [found] : recognizedLines(text, this.maxRecordBytes);
    const [first] = read;
    if (first === undefined) this.evaluator.reject(offset, reason, bytes);
    else
      await this.evaluator.take(
        isTooLong && first.kind === 'truncated' ? [{ ...first, reason }] : read,
        offset,
        bytes,
      );
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
