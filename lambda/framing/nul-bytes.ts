import { lf } from './json-bytes.ts';

/** A shorter run may be inside a record. */
const longRun = 4;
/** So many characters with a NUL behind each: UTF-16. */
const maxAlternations = 32;
const space = 0x20;

/**
 * Replaces NUL bytes, which a log contains that was truncated in place while it was written: a run by line feeds, so that
 * the records around it are separate and no memory is used for it; a single one by a space, so that its record is read.
 * The number of bytes stays the same, and with it every offset.
 */
export class NulBytes {
  /** The offset of the first text whose every other byte is NUL: a prefilter finds nothing in it. */
  utf16At: number | undefined;
  private run = 0;
  private alternations = 0;
  private offset = 0;

  replace(chunk: Buffer, hasNul: boolean): Buffer {
    const from = this.offset;
    this.offset += chunk.length;
    if (!hasNul) {
      this.run = 0;
      return chunk;
    }
    const first = chunk.indexOf(0);
    if (first > 0) this.run = 0;
    // the caller's bytes stay as they are
    const bytes = Buffer.from(chunk);
    for (let at = first; at < bytes.length; ) {
      let end = at;
      while (bytes[end] === 0) end += 1;
      this.run += end - at;
      bytes.fill(this.run < longRun ? space : lf, at, end);
      const next = chunk.indexOf(0, end);
      if (end === bytes.length) break;
      this.alternations = this.run === 1 && next === end + 1 ? this.alternations + 1 : 0;
      if (this.alternations === maxAlternations) this.utf16At ??= from + end - 2 * maxAlternations;
      this.run = 0;
      if (next < 0) break;
      at = next;
    }
    return bytes;
  }
}
