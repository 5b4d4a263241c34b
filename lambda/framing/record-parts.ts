import { type Frame, type FrameOptions, headBytes } from './frame.ts';
import { trimEnd } from './json-bytes.ts';
import { kept } from './released-chunk.ts';

/** No literal is longer: no value of a keyword is. So many bytes at the end of a part may hold the beginning of one. */
const borderBytes = 1_024;
/** A larger record is searched part by part: most hold no candidate, and putting them together costs their size. */
const largeBytes = 65_536;

/** One record that comes in parts, which may be of different chunks. If it is too long, its beginning is kept and the rest is only searched. */
export class RecordParts {
  parts: Buffer[] = [];
  private bytes = 0;
  private head: Buffer | undefined;
  private hasCandidate = false;
  private tail: Buffer = Buffer.alloc(0);
  private readonly options: FrameOptions;

  constructor(options: FrameOptions) {
    this.options = options;
  }

  push(part: Buffer): void {
    this.bytes += part.length;
    if (this.head) this.search(part);
    else this.parts.push(kept(part));
  }

  /** All parts are still there, and too long together. */
  get exceedsLimit(): boolean {
    return !this.head && this.bytes > this.options.maxRecordBytes;
  }

  get isShortened(): boolean {
    return this.head !== undefined;
  }

  shorten(): void {
    this.head = Buffer.from(Buffer.concat(this.parts).subarray(0, headBytes));
    for (const part of this.parts) this.search(part);
    this.parts = [];
  }

  /** What the parts are together; the last line of a text is a candidate whatever it holds, since it may be cut off. */
  frame(offset: number, framing: Extract<Frame, { kind: 'record' }>['framing']): Frame {
    const { bytes, head, parts } = this;
    const isLast = framing === 'last-line';
    if (!head && bytes > largeBytes) for (const part of parts) this.search(part);
    if ((head || bytes > largeBytes) && !this.hasCandidate && !isLast) return { kind: 'skipped', bytes };
    if (head) return { kind: 'too-long', offset, bytes, head };
    const whole = Buffer.concat(parts);
    const record = whole.subarray(0, trimEnd(whole, 0, bytes));
    const isCandidate = isLast || this.options.nextCandidate(whole, 0) >= 0;
    if (record.length === 0 || !isCandidate) return { kind: 'skipped', bytes };
    return { kind: 'record', offset, bytes: record, framing };
  }

  private search(part: Buffer): void {
    if (this.hasCandidate) return;
    const { nextCandidate } = this.options;
    const border = Buffer.concat([this.tail, part.subarray(0, borderBytes)]);
    this.hasCandidate = nextCandidate(part, 0) >= 0 || nextCandidate(border, 0) >= 0;
    this.tail = Buffer.concat([this.tail, part.subarray(-borderBytes)]).subarray(-borderBytes);
  }
}
