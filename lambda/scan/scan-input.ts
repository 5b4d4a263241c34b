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
import { holding, type Joined, PartJoiner, recognizedLines } from './part-joiner.ts';
import { PartQueue, type Queued } from './part-queue.ts';
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
  /** A record that was cut off waits here until the next ones show whether it continues there. */
  private readonly queue: PartQueue<ReadRecord>;

  constructor(input: Input, options: ScanOptions) {
    this.onProgress = options.onProgress ?? (async () => {});
    this.maxRecordBytes = options.maxRecordBytes ?? defaultMaxRecordBytes;
    const { literals, checked } = options;
    const prefilter = createPrefilter(literals, checked);
    this.survey = new ChunkSurvey(prefilter);
    this.evaluator = new RecordEvaluator(input, options, this.tally);
    const { nextCandidate } = prefilter;
    this.queue = new PartQueue({
      begin: (record) =>
        mayContinue(record) ? PartJoiner.begin(record.text, this.maxRecordBytes) : undefined,
      add: (joiner, record) => joinedTo(joiner, record),
      keep: ({ frame }) => {
        const own = { ...frame, bytes: kept(frame.bytes) };
        return () => readRecord(own);
      },
    });
    this.frameOptions = {
      // the part that follows a cut record need not contain a literal
      nextCandidate: (bytes, from) =>
        this.queue.isOpen && from < bytes.length ? from : nextCandidate(bytes, from),
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
    await this.take(this.queue.end());
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

  private async record(frame: RecordFrame): Promise<void> {
    const { offset, bytes } = frame;
    if (bytes.length > anyValuesBytes && hasMoreValues(bytes, maxValues)) {
      const options = { ...this.frameOptions, maxRecordBytes: anyValuesBytes };
      for (const part of partsOf(bytes, offset, options)) await this.frame(part);
      return;
    }
    const record = readRecord(frame);
    if (record.text.trim() === '') return;
    await this.take(this.queue.add(record));
  }

  private async take(queued: Iterable<Queued<ReadRecord>>): Promise<void> {
    for (const item of queued) {
      if (item.kind === 'own') await this.own(item.record);
      else
        await this.evaluator.take(recognizeText(item.text), item.first.frame.offset, Buffer.from(item.text));
    }
  }

  private async own({ frame, text, found }: ReadRecord): Promise<void> {
    const { offset, bytes, framing } = frame;
    const [only] = found;
    if (framing === 'salvaged') {
      // a part of something malformed counts only if it is an event
      await this.evaluator.take(
        found.filter(({ kind }) => kind === 'event'),
        offset,
        bytes,
      );
    } else if (only?.kind === 'truncated' || (only?.kind === 'unreadable' && framing !== 'item'))
      await this.damagedRecord(frame, found);
    else if (framing === 'line' && only?.kind === 'not-audit' && isPieceOfDocument.test(text))
      this.evaluator.reject(offset, 'a piece of a document among lines', bytes);
    else await this.evaluator.take(found, offset, bytes);
  }

  /** A whole document around a cut text needs no salvage; one that JSON.parse refuses may be a list of records. */
  private async damagedRecord(
    { offset, bytes, framing }: RecordFrame,
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

type RecordFrame = Extract<Frame, { kind: 'record' }>;

interface ReadRecord {
  readonly frame: RecordFrame;
  readonly text: string;
  readonly found: readonly Recognized[];
}

function readRecord(frame: RecordFrame): ReadRecord {
  const text = withoutMark(frame.bytes.toString('utf8'));
  return { frame, text, found: recognizeText(text) };
}

/** Whether the record ends inside a document. */
function mayContinue({ frame: { framing }, found }: ReadRecord): boolean {
  const [only] = found;
  return found.length === 1 && only?.kind === 'truncated' && (framing === 'line' || framing === 'document');
}

function joinedTo(joiner: PartJoiner, { text, found }: ReadRecord): Joined {
  // an item of a list, one a line, is a record although a comma follows it
  const item = text.trimEnd();
  return joiner.add(text, holding(item.endsWith(',') ? recognizeText(item.slice(0, -1)) : found));
}

async function* asBuffers(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  for await (const { buffer, byteOffset, length } of chunks) yield Buffer.from(buffer, byteOffset, length);
}

/** The byte order mark that some writers begin a file with. */
function withoutMark(text: string): string {
  return text.startsWith('\ufeff') ? text.slice(1) : text;
}
