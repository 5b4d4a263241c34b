import type { NextCandidate } from './prefilter.ts';

/** No literal is longer: no value of a keyword is. So many bytes at the end of a part may hold the beginning of one. */
const borderBytes = 1_024;

/** Searches a record that comes in parts, without putting it together. */
export class PartSearch {
  hasCandidate = false;
  private tail: Buffer = Buffer.alloc(0);
  private readonly nextCandidate: NextCandidate;

  constructor(nextCandidate: NextCandidate) {
    this.nextCandidate = nextCandidate;
  }

  push(part: Buffer): void {
    if (this.hasCandidate) return;
    const border = Buffer.concat([this.tail, part.subarray(0, borderBytes)]);
    this.hasCandidate = this.nextCandidate(part, 0) >= 0 || this.nextCandidate(border, 0) >= 0;
    this.tail = Buffer.concat([this.tail, part.subarray(-borderBytes)]).subarray(-borderBytes);
  }
}
