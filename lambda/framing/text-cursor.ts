/** Fewer bytes of a chunk are not worth a copy of their own. */
const minAddedBytes = 4_096;
/** So many bytes that have been read show what begins behind them: `"key":` before `{`, or a line feed. */
const lookbehindBytes = 256;

/** Bytes of a text that follow each other. */
export type TextWindow = Pick<TextCursor, 'bytes' | 'at' | 'base' | 'isLast' | 'searchedTo'>;

/** A window that moves along a text that comes in chunks. */
export class TextCursor {
  bytes: Buffer = Buffer.alloc(0);
  /** What is before it in `bytes` has been read. */
  at = 0;
  /** Where `bytes` begin in the text. */
  base = 0;
  /** The text ends with `bytes`. */
  isLast = false;
  /** No boundary between documents is looked for before this place in the text. */
  searchedTo = 0;
  private chunk: Buffer = this.bytes;
  /** Where the last chunk begins in the text. */
  private chunkBase = 0;
  private readonly chunks: AsyncIterator<Buffer>;

  constructor(chunks: AsyncIterable<Buffer>) {
    this.chunks = chunks[Symbol.asyncIterator]();
  }

  /** In the text. */
  get offset(): number {
    return this.base + this.at;
  }

  get unreadBytes(): number {
    return this.bytes.length - this.at;
  }

  /**
   * Puts more bytes behind those that are not read yet: as many again, so that a record in many chunks is copied a few
   * times at most. Once all unread bytes are in the last chunk, the window is this chunk: it is not copied, and the
   * prefilter has searched it already.
   */
  async extend(): Promise<void> {
    const { offset } = this;
    const from = Math.max(0, this.at - lookbehindBytes);
    const base = this.base + from;
    let length = this.bytes.length - from;
    const joined = Buffer.allocUnsafe(length + Math.max(minAddedBytes, length));
    this.bytes.copy(joined, 0, from);
    while (length < joined.length) {
      const isRead = base + length === this.chunkBase + this.chunk.length;
      if (isRead && !(await this.nextChunk())) break;
      if (base >= this.chunkBase) return this.show(this.chunk, this.chunkBase, offset);
      length += this.chunk.copy(joined, length, base + length - this.chunkBase);
    }
    this.show(joined.subarray(0, length), base, offset);
  }

  async close(): Promise<void> {
    await this.chunks.return?.();
  }

  private async nextChunk(): Promise<boolean> {
    this.chunkBase += this.chunk.length;
    const { done, value } = await this.chunks.next();
    this.chunk = done ? Buffer.alloc(0) : value;
    this.isLast = done === true;
    return !done;
  }

  private show(bytes: Buffer, base: number, offset: number): void {
    this.bytes = bytes;
    this.base = base;
    this.at = offset - base;
  }
}
