import { kept } from './released-chunk.ts';

/** A place in a text that comes in chunks. The chunk it is in is `bytes`; what is before `at` has been read. */
export class TextCursor {
  bytes: Buffer = Buffer.alloc(0);
  at = 0;
  /** There is no boundary between documents before this place in `bytes`. */
  searchedTo = 0;
  /** Where `bytes` begin in the text. */
  private base = 0;
  private readonly chunks: AsyncIterator<Buffer>;

  constructor(chunks: AsyncIterable<Buffer>) {
    this.chunks = chunks[Symbol.asyncIterator]();
  }

  /** In the text. */
  get offset(): number {
    return this.base + this.at;
  }

  /** Goes to the next chunk. @returns whether there is one */
  async next(): Promise<boolean> {
    const { done, value } = await this.chunks.next();
    this.base += this.bytes.length;
    this.bytes = done ? Buffer.alloc(0) : value;
    this.at = 0;
    this.searchedTo = 0;
    return !done;
  }

  /** Appends bytes to those that are not read yet, and doubles them, so that a text that is extended repeatedly is copied at most twice.
   * @returns whether there are more
   */
  async extend(): Promise<boolean> {
    const parts = [kept(this.bytes.subarray(this.at))];
    const wanted = parts[0]?.length ?? 0;
    let added = 0;
    for (;;) {
      const { done, value } = await this.chunks.next();
      if (done) break;
      parts.push(kept(value));
      added += value.length;
      if (added > 0 && added >= wanted) break;
    }
    this.replace(parts);
    return added > 0;
  }

  /**
   * Goes back to the beginning of what was read last, over any number of chunks.
   * @param read - copies, except of the chunk that the place is in
   */
  back(read: readonly Buffer[]): void {
    const length = read.reduce((sum, part) => sum + part.length, 0);
    if (length <= this.at) {
      this.at -= length;
      return;
    }
    const rest = this.bytes.subarray(this.at);
    this.replace([...read, rest]);
    this.base -= length;
  }

  async close(): Promise<void> {
    await this.chunks.return?.();
  }

  private replace(parts: readonly Buffer[]): void {
    this.base += this.at;
    this.at = 0;
    this.searchedTo = 0;
    this.bytes = Buffer.concat(parts);
  }
}
