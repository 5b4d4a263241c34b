import type { PackedStart } from './byte-search.ts';

const starts = [
  { kind: 'gzip', bytes: Buffer.from([0x1f, 0x8b, 0x08]) },
  { kind: 'zstd', bytes: Buffer.from([0xb5, 0x2f, 0xfd]) },
] as const;
const borderBytes = 2;

/** Finds the first packed part of a text that comes in chunks: in one of them, or where two meet. */
export class PackedPart {
  found: { readonly kind: 'gzip' | 'zstd'; readonly offset: number } | undefined;
  private tail: Buffer = Buffer.alloc(0);
  private offset = 0;

  /** @param inChunk - the first one that begins and ends there */
  add(chunk: Buffer, inChunk: PackedStart | undefined): void {
    const border = Buffer.concat([this.tail, chunk.subarray(0, borderBytes)]);
    for (const { kind, bytes } of starts) {
      const at = border.indexOf(bytes);
      if (at >= 0) this.take(kind, this.offset - this.tail.length + at);
    }
    if (inChunk) this.take(inChunk.kind, this.offset + inChunk.at);
    this.tail = Buffer.from((chunk.length < borderBytes ? border : chunk).subarray(-borderBytes));
    this.offset += chunk.length;
  }

  private take(kind: 'gzip' | 'zstd', offset: number): void {
    // the first byte of zstd's start is not searched for
    this.found ??= { kind, offset: Math.max(0, kind === 'zstd' ? offset - 1 : offset) };
  }
}
