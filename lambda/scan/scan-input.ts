import type { Place } from '../audit/audit-record.ts';
import { recognizeText } from '../audit/recognize-event.ts';
import type { Recognized, RecognizedEvent } from '../audit/recognized.ts';
import { unpack } from '../framing/decompress.ts';
import { type Frame, frames } from '../framing/frames.ts';
import { lf } from '../framing/json-bytes.ts';
import { candidateSearch } from '../framing/prefilter.ts';
import { objectStart } from '../framing/restart.ts';
import { salvagedEvents } from '../framing/salvage.ts';
import { messageOf } from '../message-of.ts';
import type { Fault, Input, ScanOptions, ScanReport } from './input.ts';
import { ScanTally } from './scan-tally.ts';

const defaultMaxRecordBytes = 64 * 2 ** 20;
/** Lines are counted where that costs nothing until a record is rejected: in the beginning, which is kept. */
const countedBytes = 2 ** 20;
/** A key and its value: what was pretty-printed in a text of lines can't be put together. */
const isPieceOfDocument = /^\s*"[^"\\]+"\s*:/;

/**
 * Reads an input to its end and hands on each audit event that a rule could match. It rejects only where
 * `onRecord` does: what is wrong with the input is in the report.
 */
export async function scan(input: Input, options: ScanOptions): Promise<ScanReport> {
  const scanner = new InputScanner(input, options);
  try {
    const bytes = await input.open();
    await scanner.run(input.isText ? asBuffers(bytes) : unpack(bytes));
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
  private readonly input: Input;
  private readonly options: ScanOptions;
  private readonly maxRecordBytes: number;
  private readonly beginning: Buffer[] = [];
  private readonly tally = new ScanTally();

  constructor(input: Input, options: ScanOptions) {
    this.input = input;
    this.options = options;
    this.maxRecordBytes = options.maxRecordBytes ?? defaultMaxRecordBytes;
  }

  async run(chunks: AsyncIterable<Buffer>): Promise<void> {
    const { literals } = this.options;
    const nextCandidate = candidateSearch(literals);
    const options = { nextCandidate, maxRecordBytes: this.maxRecordBytes, isRecord };
    for await (const frame of frames(this.counted(chunks), options)) await this.frame(frame);
  }

  private async frame(frame: Frame): Promise<void> {
    switch (frame.kind) {
      case 'record':
        await this.record(frame);
        break;
      case 'broken':
        if ((await this.pieces(frame.offset, frame.bytes)) === 0) this.reject(frame.offset, frame.reason);
        break;
      case 'too-long': {
        const reason = `a record of ${frame.bytes} bytes is over the limit of ${this.maxRecordBytes}`;
        this.reject(frame.offset, reason);
        break;
      }
      case 'passed-over':
        this.tally.skippedBytes += frame.bytes;
        break;
    }
  }

  report(): ScanReport {
    return { ...this.tally.report(), ...(this.fault ? { fault: this.fault } : {}) };
  }

  private async *counted(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const chunk of chunks) {
      const left = countedBytes - this.tally.bytes;
      if (left > 0) this.beginning.push(chunk.subarray(0, left));
      this.tally.bytes += chunk.length;
      yield chunk;
    }
  }

  private async record({ offset, bytes, framing }: Extract<Frame, { kind: 'record' }>): Promise<void> {
    const text = withoutMark(bytes.toString('utf8'));
    if (text.trim() === '') return;
    const found = recognizeText(text);
    const [only] = found;
    if (found.length === 1 && (only?.kind === 'unreadable' || only?.kind === 'truncated')) {
      if ((await this.pieces(offset, bytes, only.reason)) > 0) return;
    }
    // after a raw line feed inside a record, its rest is a line of its own
    if (framing !== 'document' && only?.kind === 'not-audit' && objectStart(bytes, 0) > 0) {
      const { eventCount } = this.tally;
      await this.pieces(offset, bytes, undefined, true);
      if (this.tally.eventCount > eventCount) return this.reject(offset, 'the rest of a broken record');
    }
    if (framing === 'line' && only?.kind === 'not-audit' && isPieceOfDocument.test(text))
      return this.reject(offset, 'a piece of a document among lines');
    await this.take(found, offset);
  }

  /**
   * What is intact in bytes that are no JSON text as a whole: documents with nothing between them, or the rest of a
   * list that a broken item is in.
   * @param isRest - of a record that was rejected: it counts only as the events in it
   * @returns how many pieces there are
   */
  private async pieces(offset: number, bytes: Buffer, reason?: string, isRest = false): Promise<number> {
    // a forwarder's prefix is of the record
    const first = bytes.indexOf('{');
    let count = 0;
    let lost = isRest;
    for (const piece of salvagedEvents(bytes)) {
      count += 1;
      const at = offset + (piece.from === first ? 0 : piece.from);
      if (piece.kind === 'broken') {
        lost = true;
        if (isRest) continue;
        const [damaged] = recognizeText(bytes.toString('utf8', piece.from));
        if (damaged?.kind === 'truncated') await this.take([damaged], at);
        else this.reject(at, reason ?? piece.reason);
        continue;
      }
      const found = recognizeText(bytes.toString('utf8', piece.from, piece.to));
      const events = found.filter(({ kind }) => kind === 'event');
      if (events.length > 0) lost = isRest;
      await this.take(lost || piece.within ? events : found, at);
    }
    return count;
  }

  private async take(found: readonly Recognized[], offset: number): Promise<void> {
    for (const item of found) {
      switch (item.kind) {
        case 'event':
          this.tally.event();
          await this.event(item, offset);
          break;
        case 'truncated':
          this.reject(offset, item.reason);
          if (!item.head) break;
          this.tally.truncatedEvent();
          await this.event(item.head, offset);
          break;
        case 'not-audit':
          this.tally.notAuditEvent();
          break;
        case 'unreadable':
          this.reject(offset, item.reason);
          break;
      }
    }
  }

  private async event(item: RecognizedEvent, offset: number): Promise<void> {
    const { event, format, logGroup, pod, cluster: reported } = item;
    const cluster = this.input.cluster({ logGroup, reported });
    try {
      const place = this.place(offset);
      await this.options.onRecord({ event, format, cluster, place, ...(pod ? { pod } : {}) });
    } catch (error) {
      this.failure = error;
      throw error;
    }
  }

  private reject(offset: number, reason: string): void {
    this.tally.reject(reason, () => {
      const line = lineAt(this.beginning, offset);
      return { ...this.place(offset), ...(line === undefined ? {} : { line }) };
    });
  }

  private place(offset: number): Place {
    return { origin: this.input.origin, offset };
  }
}

async function* asBuffers(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  for await (const { buffer, byteOffset, length } of chunks) yield Buffer.from(buffer, byteOffset, length);
}

/** The byte order mark that some writers begin a file with. */
function withoutMark(text: string): string {
  return text.startsWith('\ufeff') ? text.slice(1) : text;
}

/** What was found after a broken document is a record where it is an event, or a broken one again. */
function isRecord(bytes: Buffer): boolean {
  return recognizeText(bytes.toString('utf8')).some(({ kind }) => kind !== 'not-audit');
}

/** From 1; `undefined` where the offset lies behind these bytes. */
function lineAt(chunks: readonly Buffer[], offset: number): number | undefined {
  let line = 1;
  let from = 0;
  for (const chunk of chunks) {
    const to = Math.min(chunk.length, offset - from);
    for (let at = chunk.indexOf(lf); at >= 0 && at < to; at = chunk.indexOf(lf, at + 1)) line += 1;
    from += chunk.length;
    if (offset <= from) return line;
  }
  return undefined;
}
