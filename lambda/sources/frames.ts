import type { NextCandidate } from './candidates.ts';
import { DocumentCutter, type DocumentEvent } from './documents.ts';
import { type Framing, Probe } from './probe.ts';
import { LineCutter, type LineEvent } from './records.ts';

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
}

const lf = 0x0a;

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
  private probe = new Probe();
  private unseenBytes = 0;
  private offset = 0;
  private lines: LineCutter | undefined;
  private documents: DocumentCutter | undefined;
  /** The rest of a broken document, up to where another can begin. */
  private skipping = false;

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
    const { documents, offset } = this;
    if (!documents?.isOpen) return;
    const start = documents.unfinished?.offset ?? offset;
    const reason = 'the document is not closed before the end';
    yield { kind: 'broken', offset: start, bytes: documents.drop(), reason };
  }

  /** @returns what is left of the bytes */
  private *step(bytes: Buffer): Generator<Frame, Buffer | undefined> {
    if (this.lines) {
      yield* asFrames(this.lines.push(bytes));
      return undefined;
    }
    if (this.documents) return yield* this.cut(this.documents, bytes);
    if (this.skipping) return this.skip(bytes);
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
    this.probe = new Probe();
    const { nextCandidate, maxRecordBytes } = this.options;
    if (framing === 'documents') {
      this.documents = new DocumentCutter(maxRecordBytes);
      return bytes;
    }
    this.lines = new LineCutter(this.offset, nextCandidate, maxRecordBytes);
    yield* asFrames(this.lines.push(bytes));
    return undefined;
  }

  private *cut(cutter: DocumentCutter, bytes: Buffer): Generator<Frame, Buffer | undefined> {
    const { nextCandidate } = this.options;
    const { events, rest } = cutter.push(bytes, this.offset);
    // one search over all of the bytes, where a document doesn't go on over pushes
    const isCandidate = ({ from, bytes: document }: Extract<DocumentEvent, { kind: 'document' }>) => {
      if (from === undefined) return nextCandidate(document, 0) >= 0;
      const hit = nextCandidate(bytes, from);
      return hit >= 0 && hit < from + document.length;
    };
    for (const event of events) {
      if (event.kind !== 'document') yield event;
      else if (isCandidate(event))
        yield { kind: 'record', offset: event.offset, bytes: event.bytes, framing: 'document' };
      else yield { kind: 'passed-over', bytes: event.bytes.length };
    }
    this.offset += bytes.length - (rest?.length ?? 0);
    if (rest) {
      this.documents = undefined;
      this.skipping = rest[0] !== 0x7b;
      return rest;
    }
    return undefined;
  }

  /** To the next line, or to where one document ends and another begins. */
  private skip(bytes: Buffer): Buffer {
    const line = bytes.indexOf(lf) + 1 || bytes.length + 1;
    const document = bytes.indexOf('}{') + 1 || bytes.length + 1;
    const to = Math.min(line, document);
    if (to <= bytes.length) this.skipping = false;
    const passed = Math.min(to, bytes.length);
    this.offset += passed;
    return bytes.subarray(passed);
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
