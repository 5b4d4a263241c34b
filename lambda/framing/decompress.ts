import type { Transform } from 'node:stream';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { contentOf, headBytes } from './content-kind.ts';
import { kept, release } from './released-chunk.ts';

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
/** Gzip expands 1,032 times at most. More is possible only in layers, or with zstd, and no log does. */
const maxExpansion = 1_100;
/** So many bytes may be decompressed from any input. */
const freeBytes = 64 * 2 ** 20;
/** Firehose packs what CloudWatch Logs packed already. */
const maxLayers = 2;

/** The bytes are of no kind that can be read, or are cut off: what came before was yielded. */
class UnpackError extends Error {
  override readonly name = 'UnpackError';
}

/** Called and awaited between two steps that take a bounded time; what it throws ends the reading. */
export type OnProgress = () => Promise<void>;

/**
 * Decompresses gzip (any number of members), zstd (any number of frames), and either inside either, decided by content;
 * text passes as it is.
 * @param onProgress - also called if nothing comes out, as of a million empty frames
 * @throws {UnpackError} after all that could be decompressed was yielded, or at once if it expands too much
 */
export async function* unpack(
  packed: AsyncIterable<Uint8Array>,
  onProgress: OnProgress,
): AsyncGenerator<Buffer> {
  let packedBytes = 0;
  let bytes = 0;
  async function* counted() {
    for await (const chunk of packed) {
      packedBytes += chunk.length;
      yield chunk;
    }
  }
  for await (const chunk of layer(counted(), maxLayers, onProgress)) {
    bytes += chunk.length;
    if (bytes > freeBytes + maxExpansion * packedBytes)
      throw new UnpackError(`it expands more than ${maxExpansion} times`);
    yield chunk;
  }
}

/** However it ends, the source is closed, and so are the layers around it. */
async function* layer(
  packed: AsyncIterable<Uint8Array>,
  layers: number,
  onProgress: OnProgress,
): AsyncGenerator<Buffer> {
  const source = packed[Symbol.asyncIterator]();
  try {
    const first = yield* leadingZeros(source);
    if (!first) return;
    const { head, all } = await peek(source, first);
    const content = contentOf(head);
    switch (content.kind) {
      case 'refused':
        throw new UnpackError(content.reason);
      case 'text':
        yield* all;
        return;
      case 'gzip':
      case 'zstd': {
        if (layers === 0) throw new UnpackError(`packed more than ${maxLayers} times`);
        const create = content.kind === 'gzip' ? createGunzip : createZstdDecompress;
        yield* layer(through(create, all, content.kind, onProgress), layers - 1, onProgress);
      }
    }
  } finally {
    await source.return?.();
  }
}

/**
 * A log that was truncated in place begins with zeros: they are not kept until its kind is known.
 * @returns the first bytes behind them
 */
async function* leadingZeros(source: AsyncIterator<Uint8Array>): AsyncGenerator<Buffer, Buffer | undefined> {
  for (;;) {
    const { done, value } = await source.next();
    if (done) return undefined;
    const chunk = asBuffer(value);
    const from = chunk.findIndex((byte) => byte !== 0);
    if (from === 0) return chunk;
    yield from < 0 ? chunk : chunk.subarray(0, from);
    if (from > 0) return chunk.subarray(from);
  }
}

/**
 * The first bytes, and everything from the start again; if the source fails before, what it gave, then its error.
 * @param first - what was read of the source
 */
async function peek(
  source: AsyncIterator<Uint8Array>,
  first: Buffer,
): Promise<{ head: Buffer; all: AsyncGenerator<Buffer> }> {
  // a short chunk is not valid any more when the next one comes
  let head = first.length < headBytes ? kept(first) : first;
  const failures: unknown[] = [];
  try {
    while (head.length < headBytes) {
      const { done, value } = await source.next();
      if (done) break;
      head = Buffer.concat([head, value]);
    }
  } catch (error) {
    failures.push(error);
  }
  async function* all() {
    if (head.length > 0) yield head;
    for (const failure of failures) throw failure;
    for (;;) {
      const { done, value } = await source.next();
      if (done) return;
      yield asBuffer(value);
    }
  }
  return { head: head.subarray(0, headBytes), all: all() };
}

function asBuffer({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}

/** What zlib's streams are: `bytesWritten` counts the packed bytes that were used. */
type Unpacker = Transform & { readonly bytesWritten: number };
type Create = (options: { chunkSize: number }) => Unpacker;

/**
 * Feeds slice by slice, so that what is decompressed at once stays small. A slice is decompressed on a thread of its own
 * while the chunks of the one before are read. If it is corrupt, zlib drops what it decompressed of it, at most: all
 * slices before were yielded. Node's zstd ends with the first frame of a slice; what it left goes into a new one.
 */
async function* through(
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
