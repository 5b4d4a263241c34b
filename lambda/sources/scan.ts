import type { Place } from '../audit/event.ts';
import { type Recognised, recogniseText } from '../audit/recognise.ts';
import { candidateSearch } from './candidates.ts';
import { clusterOfLogGroup } from './cluster.ts';
import { type Document, DocumentCutter } from './documents.ts';
import type { Fault, Input, Rejection, ScanOptions, ScanReport } from './input.ts';
import { candidateLines, type Line } from './records.ts';
import { unpack } from './unpack.ts';

const defaultMaxRecordBytes = 64 * 2 ** 20;
const listedRejections = 100;

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
  private readonly cutter = new DocumentCutter();
  /** The first line was no record: every line is a part of a document. */
  private inDocuments = false;

  constructor(input: Input, options: ScanOptions) {
    this.input = input;
    this.options = options;
    this.maxRecordBytes = options.maxRecordBytes ?? defaultMaxRecordBytes;
  }

  async run(chunks: AsyncIterable<Buffer>): Promise<void> {
    const events = candidateLines(this.counted(chunks), {
      nextCandidate: candidateSearch(this.options.needles),
      maxRecordBytes: this.maxRecordBytes,
      // the first line decides between lines and documents, whose every line is wanted
      wantsEvery: () => this.counts.records === 0 || this.inDocuments,
    });
    for await (const event of events) {
      switch (event.kind) {
        case 'line':
          await this.line(event.line);
          break;
        case 'too-long':
          this.reject(
            event.offset,
            `a record of ${event.bytes} bytes is over the limit of ${this.maxRecordBytes}`,
          );
          break;
        case 'passed-over':
          this.counts.passedOverBytes += event.bytes;
          break;
      }
    }
    const { unfinished } = this.cutter;
    if (unfinished) this.reject(unfinished.offset, 'the document is not closed before the end');
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

  private async line({ offset, bytes, ended }: Line): Promise<void> {
    if (this.cutter.unfinished) return this.continueDocument(bytes, offset);
    const text = withoutMark(bytes.toString('utf8'));
    if (text.trim() === '') return;
    const found = recogniseText(text);
    const [only] = found;
    if (found.length === 1 && only?.kind === 'unreadable')
      return this.documents(offset, bytes, only.reason, ended);
    await this.take(found, offset);
  }

  /** A line that is not one JSON text: several documents, or the first line of one. */
  private async documents(offset: number, bytes: Buffer, reason: string, ended: boolean): Promise<void> {
    // after a first line that is a record, a line that isn't is a broken one and costs itself alone
    const first = this.counts.records === 0;
    await this.takeDocuments(this.cutter.push(bytes, offset));
    const { unfinished } = this.cutter;
    if (!unfinished) return;
    if (ended && (this.inDocuments || (first && isOpening(bytes.subarray(unfinished.offset - offset))))) {
      this.inDocuments = true;
      return;
    }
    this.cutter.drop();
    this.reject(unfinished.offset, ended ? reason : `the last record is cut off: ${reason}`);
  }

  private async continueDocument(bytes: Buffer, offset: number): Promise<void> {
    await this.takeDocuments(this.cutter.push(bytes, offset));
    const { unfinished } = this.cutter;
    if (unfinished === undefined || unfinished.bytes <= this.maxRecordBytes) return;
    this.cutter.drop();
    this.reject(unfinished.offset, `a document is over the limit of ${this.maxRecordBytes} bytes`);
  }

  private async takeDocuments(documents: readonly Document[]): Promise<void> {
    for (const { offset, bytes } of documents) await this.take(recogniseText(bytes.toString('utf8')), offset);
  }

  private async take(found: readonly Recognised[], offset: number): Promise<void> {
    for (const item of found) {
      switch (item.kind) {
        case 'event': {
          this.counts.records += 1;
          this.counts.events += 1;
          const { event, format, logGroup } = item;
          const cluster =
            this.input.cluster ?? (logGroup && clusterOfLogGroup(logGroup)) ?? item.cluster ?? null;
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

/** `{` or `[` alone, or with more than a line of JSON can end with: a pretty-printed document. */
function isOpening(bytes: Buffer): boolean {
  return /^[{[]\s*$|[,{[:]\s*$/.test(bytes.toString('utf8'));
}
