import type { Place } from '../audit/event.ts';
import { type Recognised, recogniseText } from '../audit/recognise.ts';
import { candidateSearch } from './candidates.ts';
import { DocumentCutter } from './documents.ts';
import { type Frame, frames } from './frames.ts';
import type { Fault, Input, Rejection, ScanOptions, ScanReport } from './input.ts';
import { unpack } from './unpack.ts';

const defaultMaxRecordBytes = 64 * 2 ** 20;
const listedRejections = 100;
/** A key and its value: what was pretty-printed in a text of lines can't be put together. */
const isPieceOfDocument = /^\s*"[^"\\]+"\s*:/;

/**
 * Reads an input to its end and hands on each audit event that a rule could match. It rejects only where
 * `onRecord` does: what is wrong with the input stands in the report.
 */
export async function scan(input: Input, options: ScanOptions): Promise<ScanReport> {
  const scanner = new InputScanner(input, options);
  try {
    await scanner.run(unpack(await input.open()));
  } catch (error) {
    if (error === scanner.failure) throw error;
    scanner.fault = { origin: input.origin, reason: error instanceof Error ? error.message : String(error) };
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
  private readonly rejections: Rejection[] = [];
  private readonly counts = { bytes: 0, passedOverBytes: 0, records: 0, events: 0, notAudit: 0, rejected: 0 };

  constructor(input: Input, options: ScanOptions) {
    this.input = input;
    this.options = options;
    this.maxRecordBytes = options.maxRecordBytes ?? defaultMaxRecordBytes;
  }

  async run(chunks: AsyncIterable<Buffer>): Promise<void> {
    const { needles } = this.options;
    const nextCandidate = candidateSearch(needles);
    const options = { nextCandidate, maxRecordBytes: this.maxRecordBytes };
    for await (const frame of frames(this.counted(chunks), options)) await this.frame(frame);
  }

  private async frame(frame: Frame): Promise<void> {
    switch (frame.kind) {
      case 'record':
        await this.record(frame);
        break;
      case 'broken':
        this.reject(frame.offset, frame.reason);
        await this.salvage(frame.offset, frame.bytes);
        await this.items(frame.offset, frame.bytes);
        break;
      case 'too-long': {
        const reason = `a record of ${frame.bytes} bytes is over the limit of ${this.maxRecordBytes}`;
        this.reject(frame.offset, reason);
        break;
      }
      case 'passed-over':
        this.counts.passedOverBytes += frame.bytes;
        break;
    }
  }

  report(): ScanReport {
    return {
      ...this.counts,
      rejections: this.rejections,
      ...(this.fault ? { fault: this.fault } : {}),
    };
  }

  private async *counted(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const chunk of chunks) {
      this.counts.bytes += chunk.length;
      yield chunk;
    }
  }

  private async record({ offset, bytes, framing }: Extract<Frame, { kind: 'record' }>): Promise<void> {
    const text = withoutMark(bytes.toString('utf8'));
    if (text.trim() === '') return;
    const found = recogniseText(text);
    const [only] = found;
    if (found.length === 1 && only?.kind === 'unreadable' && framing !== 'document')
      return this.line(
        offset,
        bytes,
        framing === 'line' ? only.reason : `the last record is cut off: ${only.reason}`,
      );
    if (framing === 'line' && only?.kind === 'not-audit' && isPieceOfDocument.test(text))
      return this.reject(offset, 'a piece of a document among lines');
    await this.take(found, offset);
  }

  /** A line that is not one JSON text: several documents, of which some are broken or cut off. */
  private async line(offset: number, bytes: Buffer, reason: string): Promise<void> {
    let from = 0;
    while (from < bytes.length) {
      const cutter = new DocumentCutter();
      const { events, rest } = cutter.push(bytes.subarray(from), offset + from);
      for (const event of events) {
        if (event.kind === 'broken') this.reject(event.offset, event.reason);
        else if (event.kind === 'document') {
          const found = recogniseText(event.bytes.toString('utf8'));
          await this.take(found, event.offset);
          if (found.some(({ kind }) => kind === 'unreadable')) await this.items(event.offset, event.bytes);
        }
      }
      const { unfinished } = cutter;
      if (unfinished) {
        this.reject(unfinished.offset, reason);
        await this.items(unfinished.offset, bytes.subarray(unfinished.offset - offset));
      } else if (events.length === 0) this.reject(offset + from, reason);
      if (!rest) return;
      const next = rest[0] === 0x7b ? 0 : rest.indexOf('}{') + 1;
      if (next === 0 && rest[0] !== 0x7b) return;
      from = bytes.length - rest.length + next;
    }
  }

  /** What can be read of a list in an envelope that is broken or cut off. */
  private async items(offset: number, bytes: Buffer): Promise<void> {
    const list = /"(?:items|logEvents)"\s*:\s*(?=\[)/.exec(bytes.toString('latin1'));
    if (!list) return;
    const from = list.index + list[0].length;
    for (const event of new DocumentCutter().push(bytes.subarray(from), offset + from).events) {
      if (event.kind !== 'document') continue;
      const found = recogniseText(event.bytes.toString('utf8'));
      await this.take(
        found.filter(({ kind }) => kind === 'event'),
        event.offset,
      );
    }
  }

  /** A broken document may have swallowed whole ones, a line each. */
  private async salvage(offset: number, bytes: Buffer): Promise<void> {
    const text = bytes.toString('latin1');
    let at = text.indexOf('\n') + 1;
    while (at > 0) {
      const end = text.indexOf('\n', at);
      const line = bytes.subarray(at, end < 0 ? bytes.length : end);
      const found = line[0] === 0x7b ? recogniseText(line.toString('utf8')) : [];
      await this.take(
        found.filter(({ kind }) => kind === 'event'),
        offset + at,
      );
      at = end + 1;
    }
  }

  private async take(found: readonly Recognised[], offset: number): Promise<void> {
    for (const item of found) {
      switch (item.kind) {
        case 'event': {
          this.counts.records += 1;
          this.counts.events += 1;
          const { event, format, logGroup, cluster: said } = item;
          const cluster = this.input.cluster({ logGroup, said });
          try {
            const place = this.place(offset);
            await this.options.onRecord({ event, format, cluster, place });
          } catch (error) {
            this.failure = error;
            throw error;
          }
          break;
        }
        case 'not-audit':
          this.counts.records += 1;
          this.counts.notAudit += 1;
          break;
        case 'unreadable':
          this.reject(offset, item.reason);
          break;
      }
    }
  }

  private reject(offset: number, reason: string): void {
    this.counts.records += 1;
    this.counts.rejected += 1;
    if (this.rejections.length < listedRejections)
      this.rejections.push({ place: this.place(offset), reason });
  }

  private place(offset: number): Place {
    return { origin: this.input.origin, offset };
  }
}

/** The byte order mark that some writers begin a file with. */
function withoutMark(text: string): string {
  return text.startsWith('\ufeff') ? text.slice(1) : text;
}
