/**
 * Who owns the bytes of a chunk: its consumer, until it asks for the next chunk. Then they belong to the producer again,
 * which may free or overwrite them. So everything that is kept beyond a chunk is copied with `kept`: the parts of a record
 * that continues in the next chunk, the head of an input, a record that may be continued.
 */

/**
 * Frees the memory of a chunk at once. Only the producer may call it, and only for memory that it allocated itself. Without
 * it each chunk waits for a garbage collection, which took a third of the time of a scan.
 *
 * Chunks of one buffer follow each other, so a buffer is freed with the chunk that ends it.
 */
export function release({ buffer, byteOffset, byteLength }: Uint8Array): void {
  if (!(buffer instanceof ArrayBuffer) || byteOffset + byteLength < buffer.byteLength) return;
  // Node cuts small buffers out of a common one
  if (buffer.byteLength > Buffer.poolSize) buffer.transfer(0);
}

/** A copy that stays valid when the chunk is released. */
export function kept(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes);
}
