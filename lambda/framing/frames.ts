import { type Framing, FramingDetector } from './detect-framing.ts';
import { borderAfter, borderBefore } from './document-boundaries.ts';
import type { DocumentEvent } from './document-event.ts';
import { DocumentSplitter, type IsRecord } from './document-splitter.ts';
import { type LineEvent, LineSplitter } from './line-splitter.ts';
import type { NextCandidate } from './prefilter.ts';

/** A piece of text, as the framing gives it. */
export type Frame =
  /** A candidate. A line may hold several documents, and the last one may be cut off. */
  | {
      readonly kind: 'record';
      readonly offset: number;
      readonly bytes: Buffer;
      readonly framing: 'line' | 'last-line' | 'document';
    }
  | { readonly kind: 'broken'; readonly offset: number; readonly bytes: Buffer; readonly reason: string }
  | { readonly kind: 'too-long'; readonly offset: number; readonly bytes: number }
  | { readonly kind: 'passed-over'; readonly bytes: number };

export interface FrameOptions {
  readonly nextCandidate: NextCandidate;
  readonly maxRecordBytes: number;
  readonly isRecord: IsRecord;
}

/**
 * Cuts an unpacked text into records and gives the candidates. How it is framed is seen at its beginning, and seen
 * anew after a document that is broken, which costs itself alone.
 */
export async function* frames(chunks: AsyncIterable<Buffer>, options: FrameOptions): AsyncGenerator<Frame> {
  const framer = new Framer(options);
  for await (const chunk of chunks) yield* framer.push(chunk);
  yield* framer.end();
}

class Framer {
  private readonly options: FrameOptions;
  /** Bytes whose framing isn't known yet. */
  private unseen: Buffer[] = [];
  private probe = new FramingDetector();
  private unseenBytes = 0;
  private offset = 0;
  private lines: LineSplitter | undefined;
  private documents: DocumentSplitter | undefined;

  constructor(options: FrameOptions) {
    this.options = options;
  }

  *push(chunk: Buffer): Generator<Frame> {
    if (this.lines) {
      yield* asFrames(this.lines.push(chunk));
      return;
    }
    let rest: Buffer | undefined = chunk;
    while (rest !== undefined && rest.length > 0) rest = yield* this.step(rest);
  }

  *end(): Generator<Frame> {
    if (this.unseenBytes > 0) yield* this.begin('lines');
    if (this.lines) yield* asFrames(this.lines.end());
    if (this.documents) yield* this.documentFrames(this.documents.end(this.offset));
  }

  /** @returns what is left of the bytes */
  private *step(bytes: Buffer): Generator<Frame, Buffer | undefined> {
    if (this.lines) {
      yield* asFrames(this.lines.push(bytes));
      return undefined;
    }
    if (this.documents) return yield* this.cut(this.documents, bytes);
    this.unseen.push(bytes);
    this.unseenBytes += bytes.length;
    const tooLong = this.unseenBytes > this.options.maxRecordBytes;
    const framing = this.probe.push(bytes) ?? (tooLong ? 'lines' : undefined);
    return framing === undefined ? undefined : yield* this.begin(framing);
  }

  private *begin(framing: Framing): Generator<Frame, Buffer | undefined> {
    const [only] = this.unseen;
    // not copied where it stands alone: a hostile text begins anew at every few bytes
    const bytes = only && this.unseen.length === 1 ? only : Buffer.concat(this.unseen);
    this.unseen = [];
    this.unseenBytes = 0;
    this.probe = new FramingDetector();
    const { nextCandidate, maxRecordBytes, isRecord } = this.options;
    if (framing === 'documents') {
      this.documents = new DocumentSplitter(maxRecordBytes, isRecord);
      return bytes;
    }
    this.lines = new LineSplitter(this.offset, nextCandidate, maxRecordBytes);
    yield* asFrames(this.lines.push(bytes));
    return undefined;
  }

  private *cut(cutter: DocumentSplitter, bytes: Buffer): Generator<Frame, Buffer | undefined> {
    let at = 0;
    while (at < bytes.length) {
      if (cutter.hasCut && cutter.isBetween) {
        const passed = this.withoutCandidate(bytes, at);
        if (passed > 0) yield { kind: 'passed-over', bytes: passed };
        at += passed;
      }
      const border = cutter.hasCut ? borderAfter(bytes, at + 1) : -1;
      const to = border < 0 ? bytes.length : border;
      const { events, rest } = cutter.push(bytes.subarray(at, to), this.offset + at);
      yield* this.documentFrames(events, { bytes, at });
      if (rest) {
        at = to - rest.length;
        this.offset += at;
        this.documents = undefined;
        return rest;
      }
      at = to;
    }
    this.offset += bytes.length;
    return undefined;
  }

  /** Whole documents that no candidate is in: they needn't be told apart. */
  private withoutCandidate(bytes: Buffer, from: number): number {
    const hit = this.options.nextCandidate(bytes, from);
    return Math.max(from, borderBefore(bytes, from, hit < 0 ? bytes.length : hit)) - from;
  }

  /** @param pushed - what the events were found in: it is searched once, however many documents lie in it */
  private *documentFrames(
    events: readonly DocumentEvent[],
    pushed?: { readonly bytes: Buffer; readonly at: number },
  ): Generator<Frame> {
    for (const event of events) {
      if (event.kind === 'broken' || event.kind === 'too-long') {
        yield event;
        continue;
      }
      const { kind, offset, bytes, from } = event;
      const start = pushed && from !== undefined ? pushed.at + from : 0;
      const hit = this.options.nextCandidate(pushed && from !== undefined ? pushed.bytes : bytes, start);
      if (hit < 0 || hit >= start + bytes.length) yield { kind: 'passed-over', bytes: bytes.length };
      else yield { kind: 'record', offset, bytes, framing: kind === 'text' ? 'line' : 'document' };
    }
  }
}

function* asFrames(events: Iterable<LineEvent>): Generator<Frame> {
  for (const event of events) {
    if (event.kind !== 'line') yield event;
    else {
      const { offset, bytes, ended } = event;
      yield { kind: 'record', offset, bytes, framing: ended ? 'line' : 'last-line' };
    }
  }
}
