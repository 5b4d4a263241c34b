import { beginsRecord, lineStart, lineStartBytes } from './document-boundaries.ts';
import { DocumentSplitter } from './document-splitter.ts';
import type { Frame, FrameOptions } from './frame.ts';
import { lf } from './json-bytes.ts';
import { LineSplitter } from './line-splitter.ts';
import { MalformedRegion } from './malformed-region.ts';
import { documentBegins, lineBegins } from './salvage.ts';

/**
 * Cuts a decompressed text into records and yields the candidates. How it is framed is decided at its beginning, and
 * again after a malformed document, which does not affect its neighbors.
 */
export async function* frames(chunks: AsyncIterable<Buffer>, options: FrameOptions): AsyncGenerator<Frame> {
  const framer = new Framer(options);
  for await (const chunk of chunks) yield* framer.push(chunk);
  yield* framer.end();
}

/** The records of a line that is no JSON document as a whole; before the first one a prefix may stand. */
export function salvagedLine(offset: number, line: Buffer, options: FrameOptions): Generator<Frame> {
  return ended(new MalformedRegion(offset, lineBegins(), options), [line]);
}

type State =
  | { readonly kind: 'documents'; readonly splitter: DocumentSplitter }
  | { readonly kind: 'lines'; readonly splitter: LineSplitter }
  /** To where a line surely begins a record, or to the end of an oversized line. */
  | { readonly kind: 'malformed'; readonly region: MalformedRegion; readonly isLine: boolean };

class Framer {
  private readonly options: FrameOptions;
  private state: State;
  /** Of the bytes that are pushed next, in the decompressed text. */
  private offset = 0;
  /** The end of the bytes before, of which the next ones decide whether a record begins there. */
  private held: Buffer = Buffer.alloc(0);

  constructor(options: FrameOptions) {
    this.options = options;
    this.state = this.documents();
  }

  *push(chunk: Buffer): Generator<Frame> {
    const bytes = this.held.length === 0 ? chunk : Buffer.concat([this.held, chunk]);
    let at = 0;
    while (at < bytes.length) {
      const to = yield* this.step(bytes, at);
      if (to === at && this.state.kind === 'malformed') break;
      at = to;
    }
    this.held = bytes.subarray(at);
    this.offset += at;
  }

  *end(): Generator<Frame> {
    const { state, offset } = this;
    switch (state.kind) {
      case 'lines':
        return yield* state.splitter.end();
      case 'malformed':
        return yield* ended(state.region, [this.held]);
      case 'documents': {
        const outcome = yield* state.splitter.end(offset);
        if (outcome.kind === 'malformed') yield* ended(this.region(outcome.offset), outcome.parts);
      }
    }
  }

  /** @returns up to where the bytes were read; the rest has to be read again, with more behind it */
  private *step(bytes: Buffer, at: number): Generator<Frame, number> {
    const { state } = this;
    switch (state.kind) {
      case 'lines':
        yield* this.pushLines(state.splitter, bytes.subarray(at));
        return bytes.length;
      case 'documents':
        return yield* this.pushDocuments(state.splitter, bytes, at);
      case 'malformed':
        return yield* this.pushMalformed(state, bytes, at);
    }
  }

  private *pushLines(splitter: LineSplitter, bytes: Buffer): Generator<Frame> {
    for (const event of splitter.push(bytes)) {
      if (event.kind !== 'oversized') yield event;
      else if (event.isWhole) yield* ended(this.region(event.offset), event.parts);
      else yield* this.beginRegion(event.offset, event.parts, true);
    }
  }

  private *pushDocuments(splitter: DocumentSplitter, bytes: Buffer, from: number): Generator<Frame, number> {
    const outcome = yield* splitter.push(bytes, from, this.offset);
    if (outcome.kind === 'read') return bytes.length;
    const { kind, offset, parts, at } = outcome;
    if (kind === 'malformed') yield* this.beginRegion(offset, parts, false);
    else {
      const lines = this.lines(offset);
      this.state = lines;
      for (const part of parts) yield* this.pushLines(lines.splitter, part);
    }
    return at;
  }

  private *pushMalformed(
    { region, isLine }: Extract<State, { kind: 'malformed' }>,
    bytes: Buffer,
    at: number,
  ): Generator<Frame, number> {
    const end = isLine ? bytes.indexOf(lf, at) : recordStart(bytes, at, region.endsWithLineFeed);
    if (end < 0) {
      const to = isLine ? bytes.length : Math.max(at, bytes.length - lineStartBytes + 1);
      yield* region.push(bytes.subarray(at, to));
      return to;
    }
    yield* ended(region, [bytes.subarray(at, end)]);
    this.state = isLine ? this.lines(this.offset + end) : this.documents();
    return end;
  }

  private *beginRegion(offset: number, parts: readonly Buffer[], isLine: boolean): Generator<Frame> {
    const region = this.region(offset);
    this.state = { kind: 'malformed', region, isLine };
    for (const part of parts) yield* region.push(part);
  }

  private region(offset: number): MalformedRegion {
    return new MalformedRegion(offset, documentBegins(), this.options);
  }

  private documents() {
    return { kind: 'documents', splitter: new DocumentSplitter(this.options) } as const;
  }

  private lines(offset: number) {
    return { kind: 'lines', splitter: new LineSplitter(offset, this.options) } as const;
  }
}

function recordStart(bytes: Buffer, at: number, followsLineFeed: boolean): number {
  const isLineStart = at > 0 ? bytes[at - 1] === lf : followsLineFeed;
  return isLineStart && beginsRecord(bytes, at) ? at : lineStart(bytes, at);
}

function* ended(region: MalformedRegion, parts: readonly Buffer[]): Generator<Frame> {
  for (const part of parts) yield* region.push(part);
  yield* region.end();
}
