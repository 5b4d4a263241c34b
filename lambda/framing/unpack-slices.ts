import type { Transform } from 'node:stream';
import { release } from './released-chunk.ts';

/**
 * Unpacked bytes that one slice of packed ones is to come to: what is unpacked at once stays small, however well it is
 * packed, and the next slice is unpacked while this one is searched.
 */
const sliceOutput = 800_000;
const firstSlice = 4_096;
const smallestSlice = 256;
const largestSlice = 65_536;
/** Decompressed bytes of one chunk. */
const chunkSize = 2 ** 20;
/** The same after a frame that was smaller: a large buffer for each of many small frames would cost most of the time. */
const smallChunkSize = 2 ** 14;

/** The bytes are of no kind that can be read, or are cut off: what came before was yielded. */
export class UnpackError extends Error {
  override readonly name = 'UnpackError';
}

/** Called and awaited between two steps that take a bounded time; what it throws ends the reading. */
export type OnProgress = () => Promise<void>;

/** What zlib's streams are: `bytesWritten` counts the packed bytes that were used. */
type Unpacker = Transform & { readonly bytesWritten: number };
type Create = (options: { chunkSize: number }) => Unpacker;

/**
 * Feeds slice by slice, so that what is decompressed at once stays small. A slice is decompressed on a thread of its own
 * while the chunks of the one before are read. If it is corrupt, zlib drops what it decompressed of it, at most: all
 * slices before were yielded. Node's zstd ends with the first frame of a slice; what it left goes into a new one.
 */
export async function* unpackSlices(
  create: Create,
  packed: AsyncIterable<Buffer>,
  name: string,
  onProgress: OnProgress,
): AsyncGenerator<Buffer> {
  let running = started(create({ chunkSize }));
  try {
    let frameBytes = 0;
    let sliceBytes = firstSlice;
    const slices = slicesOf(packed, () => sliceBytes);
    let sourceFailure: unknown;
    const nextSlice = () =>
      nextOf(slices).catch((error: unknown) => {
        sourceFailure = error;
        return undefined;
      });
    let slice = await nextSlice();
    let writing = slice && running.write(slice);
    while (slice && writing) {
      const used = await writing;
      if (running.failure) break;
      await onProgress();
      const chunks = running.taken();
      sliceBytes = fittingSlice(used, lengthOf(chunks));
      frameBytes += lengthOf(chunks);
      const left: Buffer = slice.subarray(used);
      if (left.length > 0 && !isPadding(left)) {
        running.close();
        running = started(create({ chunkSize: frameBytes < smallChunkSize ? smallChunkSize : chunkSize }));
        frameBytes = 0;
        slice = left;
      } else slice = await nextSlice();
      writing = slice && running.write(slice);
      yield* released(chunks);
    }
    await running.end();
    yield* released(running.taken());
    if (sourceFailure !== undefined) throw sourceFailure;
    if (running.failure) throw new UnpackError(`${name}: ${running.failure.message}`);
  } finally {
    running.close();
  }
}

/** Frees each chunk when the next one is asked for. */
function* released(chunks: readonly Buffer[]): Generator<Buffer> {
  for (const chunk of chunks) {
    yield chunk;
    release(chunk);
  }
}

async function* slicesOf(packed: AsyncIterable<Buffer>, sliceBytes: () => number): AsyncGenerator<Buffer> {
  for await (const bytes of packed) {
    for (let from = 0; from < bytes.length; ) {
      const slice = bytes.subarray(from, from + sliceBytes());
      from += slice.length;
      yield slice;
    }
  }
}

async function nextOf(slices: AsyncGenerator<Buffer>): Promise<Buffer | undefined> {
  const { done, value } = await slices.next();
  return done ? undefined : value;
}

/** By how much came out of the slice before. */
function fittingSlice(packedBytes: number, unpackedBytes: number): number {
  const wanted = Math.round((packedBytes * sliceOutput) / Math.max(1, unpackedBytes));
  return Math.min(largestSlice, Math.max(smallestSlice, wanted));
}

function lengthOf(chunks: readonly Buffer[]): number {
  return chunks.reduce((sum, { length }) => sum + length, 0);
}

/** Zeros after the end, as tape blocks and some copiers leave them. */
function isPadding(bytes: Buffer): boolean {
  return bytes.every((byte) => byte === 0);
}

function started(unpacker: Unpacker) {
  let ready: Buffer[] = [];
  const state: { failure: Error | undefined } = { failure: undefined };
  const ended = new Promise<void>((resolve) => {
    unpacker.on('data', (chunk: Buffer) => ready.push(chunk));
    unpacker.once('end', resolve);
    unpacker.once('error', (error) => {
      state.failure = error;
      resolve();
    });
  });
  return {
    get failure() {
      return state.failure;
    },
    /** @returns how many of the bytes were used */
    async write(bytes: Buffer): Promise<number> {
      const before = unpacker.bytesWritten;
      await Promise.race([ended, new Promise<void>((resolve) => unpacker.write(bytes, () => resolve()))]);
      return unpacker.bytesWritten - before;
    },
    taken(): Buffer[] {
      const chunks = ready;
      ready = [];
      return chunks;
    },
    /** Gives back what it holds outside of the heap. */
    close(): void {
      unpacker.destroy();
    },
    async end(): Promise<void> {
      if (!state.failure) unpacker.end();
      await ended;
    },
  };
}
