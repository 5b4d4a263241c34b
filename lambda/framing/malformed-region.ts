import type { Frame, FrameOptions } from './frame.ts';
import { lf, trimEnd } from './json-bytes.ts';
import { PartSearch } from './part-search.ts';
import type { NextCandidate } from './prefilter.ts';
import { type Place, type Salvaged, salvage } from './salvage.ts';

/** Enough of a record to see what it was: all that an API server writes before the bodies, and more. */
export const headBytes = 2 ** 20;

/**
 * The bytes from a malformed or oversized record to where another record surely begins. They are salvaged when that is
 * found; before that as soon as they exceed the limit of a record, of which what is unfinished is kept.
 */
export class MalformedRegion {
  private parts: Buffer[] = [];
  private partBytes = 0;
  private offset: number;
  private readonly place: Place;
  private readonly nextCandidate: NextCandidate;
  private readonly maxRecordBytes: number;
  /** The beginning of a record that is too long; from there on nothing is kept. */
  private head: Buffer | undefined;
  private readonly search: PartSearch;

  constructor(offset: number, place: Place, { nextCandidate, maxRecordBytes }: FrameOptions) {
    this.offset = offset;
    this.place = place;
    this.nextCandidate = nextCandidate;
    this.maxRecordBytes = maxRecordBytes;
    this.search = new PartSearch(nextCandidate);
  }

  get endsWithLineFeed(): boolean {
    return this.parts.at(-1)?.at(-1) === lf;
  }

  *push(part: Buffer): Generator<Frame> {
    if (part.length === 0) return;
    this.partBytes += part.length;
    if (this.head) {
      this.search.push(part);
      // the last one tells whether a line feed came last
      this.parts = [part];
      return;
    }
    this.parts.push(part);
    if (this.partBytes > this.maxRecordBytes) yield* this.salvaged(false);
  }

  *end(): Generator<Frame> {
    if (!this.head) yield* this.salvaged(true);
    else if (this.search.hasCandidate)
      yield { kind: 'too-long', offset: this.offset, bytes: this.partBytes, head: this.head };
    else yield { kind: 'skipped', bytes: this.partBytes };
  }

  private *salvaged(isEnd: boolean): Generator<Frame> {
    const bytes = this.parts.length === 1 && this.parts[0] ? this.parts[0] : Buffer.concat(this.parts);
    const pieces = salvage(bytes, this.place, isEnd, this.maxRecordBytes);
    let skipped = 0;
    let next = pieces.next();
    while (!next.done) {
      const piece = next.value;
      next = pieces.next();
      const end = next.done ? next.value : next.value.from;
      const to = piece.kind === 'object' ? piece.to : end;
      const hit = this.nextCandidate(bytes, piece.from);
      if (piece.kind === 'malformed' || (hit >= 0 && hit < to)) yield this.frame(bytes, piece, to);
      else skipped += to - piece.from;
      skipped += end - to;
    }
    if (skipped > 0) yield { kind: 'skipped', bytes: skipped };
    const rest = bytes.subarray(next.value);
    this.offset += next.value;
    this.parts = rest.length > 0 ? [rest] : [];
    this.partBytes = rest.length;
    if (rest.length <= this.maxRecordBytes) return;
    this.head = Buffer.from(rest.subarray(0, headBytes));
    this.search.push(rest);
    this.parts = [rest.subarray(-1)];
  }

  private frame(bytes: Buffer, { from, ...piece }: Salvaged, to: number): Frame {
    const offset = this.offset + from;
    const head = bytes.subarray(from, Math.min(trimEnd(bytes, from, to), from + headBytes));
    if ('reason' in piece) return { kind: 'malformed', offset, bytes: head, reason: piece.reason };
    if (to - from > this.maxRecordBytes) return { kind: 'too-long', offset, bytes: to - from, head };
    const framing = piece.isCertain ? 'document' : 'salvaged';
    return { kind: 'record', offset, bytes: bytes.subarray(from, to), framing };
  }
}
