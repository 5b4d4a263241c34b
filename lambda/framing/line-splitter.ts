import type { NextCandidate } from './prefilter.ts';

const lf = 0x0a;
const cr = 0x0d;
/** A line in parts that is larger is searched part by part: copying it would cost its size in memory. */
const largeLine = 65_536;
/** No literal is longer: no value of a keyword is. In one of these a part of a literal may stand at a border. */
const borderBytes = 1_024;

export type LineEvent =
  /** A line that has to be looked at; not `ended` where it is the last one and no LF ended it. */
  | { readonly kind: 'line'; readonly offset: number; readonly bytes: Buffer; readonly ended: boolean }
  | { readonly kind: 'too-long'; readonly offset: number; readonly bytes: number }
  | { readonly kind: 'passed-over'; readonly bytes: number };

/**
 * Cuts chunks into lines and gives those that hold a candidate. Only LF ends a line: kube-apiserver writes
 * U+0085 and U+2028 as they are. The last line is always given when no LF ends it.
 */
export class LineSplitter {
  private pending: Buffer[] = [];
  private pendingBytes = 0;
  /** Bytes of a line that is too long, given up already. */
  private skipping = 0;
  private offset: number;
  private readonly nextCandidate: NextCandidate;
  private readonly maxRecordBytes: number;

  /**
   * @param offset - of the first byte in the unpacked text
   * @param maxRecordBytes - a longer line is given up; the next one is read again
   */
  constructor(offset: number, nextCandidate: NextCandidate, maxRecordBytes: number) {
    this.offset = offset;
    this.nextCandidate = nextCandidate;
    this.maxRecordBytes = maxRecordBytes;
  }

  *push(chunk: Buffer): Generator<LineEvent> {
    let from = 0;
    const end = chunk.lastIndexOf(lf) + 1;
    if (end > 0 && this.pendingBytes + this.skipping > 0) {
      from = chunk.indexOf(lf) + 1;
      yield* this.pendingLine(chunk.subarray(0, from));
    }
    if (end > from) {
      yield* this.candidatesIn(chunk.subarray(from, end));
      this.offset += end - from;
      from = end;
    }
    if (from === chunk.length) return;
    this.pending.push(chunk.subarray(from));
    this.pendingBytes += chunk.length - from;
    // a byte more, since the line's end is no part of the record
    if (this.skipping + this.pendingBytes > this.maxRecordBytes + 1) {
      this.skipping += this.pendingBytes;
      this.pending = [];
      this.pendingBytes = 0;
    }
  }

  *end(): Generator<LineEvent> {
    const { offset, skipping, pendingBytes, pending } = this;
    if (skipping > 0) yield { kind: 'too-long', offset, bytes: skipping + pendingBytes };
    else if (pendingBytes > 0) yield { kind: 'line', offset, bytes: Buffer.concat(pending), ended: false };
  }

  /** The line that began in chunks before. */
  private *pendingLine(rest: Buffer): Generator<LineEvent> {
    const length = this.skipping + this.pendingBytes + rest.length;
    const parts = [...this.pending, rest];
    if (this.skipping > 0) yield { kind: 'too-long', offset: this.offset, bytes: length };
    else if (length > largeLine && !this.isCandidate(parts)) yield { kind: 'passed-over', bytes: length };
    else yield* this.candidatesIn(Buffer.concat(parts));
    this.offset += length;
    this.pending = [];
    this.pendingBytes = 0;
    this.skipping = 0;
  }

  /** Whether a line in several parts holds a candidate, seen without putting a large one together. */
  private isCandidate(parts: readonly Buffer[]): boolean {
    let tail: Buffer = Buffer.alloc(0);
    return parts.some((part) => {
      const border = Buffer.concat([tail, part.subarray(0, borderBytes)]);
      tail = Buffer.concat([tail, part.subarray(-borderBytes)]).subarray(-borderBytes);
      return this.nextCandidate(part, 0) >= 0 || this.nextCandidate(border, 0) >= 0;
    });
  }

  private *candidatesIn(bytes: Buffer): Generator<LineEvent> {
    let from = 0;
    let passed = 0;
    while (from < bytes.length) {
      const hit = this.nextCandidate(bytes, from);
      if (hit < 0) break;
      const lineStart = hit === from ? from : bytes.lastIndexOf(lf, hit - 1) + 1;
      const end = bytes.indexOf(lf, hit) + 1 || bytes.length;
      passed += lineStart - from;
      const line = bytes.subarray(lineStart, trimEnd(bytes, lineStart, end));
      const at = this.offset + lineStart;
      if (line.length > this.maxRecordBytes) yield { kind: 'too-long', offset: at, bytes: line.length };
      else if (line.length > 0) yield { kind: 'line', offset: at, bytes: line, ended: true };
      from = end;
    }
    passed += bytes.length - from;
    if (passed > 0) yield { kind: 'passed-over', bytes: passed };
  }
}

function trimEnd(bytes: Buffer, from: number, to: number): number {
  while (to > from && (bytes[to - 1] === lf || bytes[to - 1] === cr)) to -= 1;
  return to;
}
