import type { Frame, FrameOptions } from './frame.ts';
import { isBlank, lf, openingBrace, openingBracket, trimEnd } from './json-bytes.ts';
import { headBytes } from './malformed-region.ts';
import { PartSearch } from './part-search.ts';
import type { NextCandidate } from './prefilter.ts';

/** A line in parts that is larger is searched part by part: copying it would cost its size in memory. */
const largeLine = 65_536;

/** The beginning of a line, or all of it, that begins like JSON and is too long to be parsed. */
export interface OversizedLine {
  readonly kind: 'oversized';
  readonly offset: number;
  readonly parts: readonly Buffer[];
  /** Its line feed has been read. */
  readonly isWhole: boolean;
}

/**
 * Cuts chunks into lines and yields those that hold a candidate. Only LF ends a line: kube-apiserver writes
 * U+0085 and U+2028 as they are. The last line is always yielded if no LF ends it.
 */
export class LineSplitter {
  /** The line that is not ended: its parts, or only its head if it is too long. */
  private pending: Buffer[] = [];
  private pendingBytes = 0;
  /** Searches a text that is too long to be kept; absent otherwise. */
  private search: PartSearch | undefined;
  private offset: number;
  private readonly nextCandidate: NextCandidate;
  private readonly maxRecordBytes: number;

  /** @param offset - of the first byte in the decompressed text */
  constructor(offset: number, { nextCandidate, maxRecordBytes }: FrameOptions) {
    this.offset = offset;
    this.nextCandidate = nextCandidate;
    this.maxRecordBytes = maxRecordBytes;
  }

  /** After an oversized line that is not whole, the splitter's work is done. */
  *push(chunk: Buffer): Generator<Frame | OversizedLine> {
    let from = 0;
    const end = chunk.lastIndexOf(lf) + 1;
    if (end > 0 && this.pendingBytes > 0) {
      from = chunk.indexOf(lf) + 1;
      yield* this.pendingLine(chunk.subarray(0, from));
    }
    if (end > from) {
      yield* this.candidatesIn(chunk.subarray(from, end));
      this.offset += end - from;
      from = end;
    }
    if (from < chunk.length) yield* this.keep(chunk.subarray(from));
  }

  *end(): Generator<Frame> {
    const { offset, search, pendingBytes, pending } = this;
    const [head] = pending;
    if (head && search) yield { kind: 'too-long', offset, bytes: pendingBytes, head };
    else if (pendingBytes > 0)
      yield { kind: 'record', offset, bytes: Buffer.concat(pending), framing: 'last-line' };
  }

  private *keep(part: Buffer): Generator<OversizedLine> {
    this.pendingBytes += part.length;
    if (this.search) {
      this.search.push(part);
      return;
    }
    this.pending.push(part);
    // a byte more, since the line's end is no part of the record
    if (this.pendingBytes <= this.maxRecordBytes + 1) return;
    if (beginsJson(this.pending)) {
      yield { kind: 'oversized', offset: this.offset, parts: this.pending, isWhole: false };
      return;
    }
    this.search = new PartSearch(this.nextCandidate);
    for (const pending of this.pending) this.search.push(pending);
    this.pending = [headOf(Buffer.concat(this.pending))];
  }

  /** The line that began in chunks before. */
  private *pendingLine(rest: Buffer): Generator<Frame | OversizedLine> {
    const length = this.pendingBytes + rest.length;
    const { offset, pending, search } = this;
    const [head] = pending;
    this.pending = [];
    this.pendingBytes = 0;
    this.search = undefined;
    if (head && search) {
      search.push(rest);
      if (search.hasCandidate) yield { kind: 'too-long', offset, bytes: length, head };
      else yield { kind: 'skipped', bytes: length };
    } else if (length > largeLine && !this.isCandidate([...pending, rest]))
      yield { kind: 'skipped', bytes: length };
    else yield* this.candidatesIn(Buffer.concat([...pending, rest]));
    this.offset += length;
  }

  /** Whether a line in several parts holds a candidate, seen without putting a large one together. */
  private isCandidate(parts: readonly Buffer[]): boolean {
    const search = new PartSearch(this.nextCandidate);
    for (const part of parts) search.push(part);
    return search.hasCandidate;
  }

  private *candidatesIn(bytes: Buffer): Generator<Frame | OversizedLine> {
    let from = 0;
    let skipped = 0;
    while (from < bytes.length) {
      const hit = this.nextCandidate(bytes, from);
      if (hit < 0) break;
      const start = hit === from ? from : bytes.lastIndexOf(lf, hit - 1) + 1;
      const end = bytes.indexOf(lf, hit) + 1 || bytes.length;
      skipped += start - from;
      const line = bytes.subarray(start, trimEnd(bytes, start, end));
      const offset = this.offset + start;
      if (line.length > this.maxRecordBytes) {
        if (beginsJson([line])) yield { kind: 'oversized', offset, parts: [line], isWhole: true };
        else yield { kind: 'too-long', offset, bytes: line.length, head: headOf(line) };
      } else if (line.length > 0) yield { kind: 'record', offset, bytes: line, framing: 'line' };
      from = end;
    }
    skipped += bytes.length - from;
    if (skipped > 0) yield { kind: 'skipped', bytes: skipped };
  }
}

/** A copy, so that the rest of the line does not stay in memory. */
function headOf(line: Buffer): Buffer {
  return Buffer.from(line.subarray(0, headBytes));
}

function beginsJson(parts: readonly Buffer[]): boolean {
  for (const part of parts) {
    const first = part.find((byte) => !isBlank(byte));
    if (first !== undefined) return first === openingBrace || first === openingBracket;
  }
  return false;
}
