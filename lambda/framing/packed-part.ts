/**
 * Compressed bytes behind a text, as files of both kinds that were concatenated have them: no literal is found in them. The
 * bytes cannot be in UTF-8. Of zstd's four the first is an opening parenthesis, at which the search would stop too often.
 */
const starts = [
  { kind: 'gzip', bytes: Buffer.from([0x1f, 0x8b, 0x08]), before: 0 },
  { kind: 'zstd', bytes: Buffer.from([0xb5, 0x2f, 0xfd]), before: 1 },
] as const;
const borderBytes = 2;

/** Looks for them in a text that comes in chunks. */
export class PackedPart {
  found: { readonly kind: 'gzip' | 'zstd'; readonly offset: number } | undefined;
  private tail: Buffer = Buffer.alloc(0);
  private offset = 0;

  search(chunk: Buffer): void {
    const border = Buffer.concat([this.tail, chunk.subarray(0, borderBytes)]);
    this.searchIn(border, this.offset - this.tail.length);
    this.searchIn(chunk, this.offset);
    this.tail = Buffer.from((chunk.length < borderBytes ? border : chunk).subarray(-borderBytes));
    this.offset += chunk.length;
  }

  private searchIn(bytes: Buffer, offset: number): void {
    for (const { kind, bytes: start, before } of starts) {
      if (this.found) return;
      const at = bytes.indexOf(start);
      if (at >= 0) this.found = { kind, offset: Math.max(0, offset + at - before) };
    }
  }
}
