import type { Transform } from 'node:stream';
import { createGunzip, createZstdDecompress } from 'node:zlib';

/**
 * Packed bytes handed to the unpacker at once: a thousandfold bomb unpacks the small slice to some 4 MB. Where
 * little comes out of a slice the next one is large, since each costs a turn of the event loop.
 */
const smallSlice = 4_096;
const largeSlice = 65_536;
/** Unpacked bytes of one slice past which the next one is small. */
const muchOutput = 4 * 2 ** 20;
/** Unpacked bytes of one chunk. */
const chunkSize = 2 ** 19;

/** The bytes are of no kind that can be read, or are cut off: what came before was yielded. */
class UnpackError extends Error {
  override readonly name = 'UnpackError';
}

/**
 * Unpacks gzip (any number of members) and zstd, decided by content; plain bytes pass.
 * @throws {UnpackError} after all that could be unpacked was yielded.
 */
export async function* unpack(packed: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  const { head, rest } = await peek(packed, 4);
  const magic = head.toString('latin1');
  if (magic.startsWith('\x1f\x8b')) yield* through(() => createGunzip({ chunkSize }), rest, 'gzip');
  else if (magic === '\x28\xb5\x2f\xfd')
    yield* through(() => createZstdDecompress({ chunkSize }), rest, 'zstd');
  else if (magic === 'PAR1')
    throw new UnpackError('Parquet is not read: export the log as JSON, gzip or zstd');
  else yield* rest;
}

/** The first bytes, and everything from the start again. */
async function peek(
  source: AsyncIterable<Uint8Array>,
  bytes: number,
): Promise<{ head: Buffer; rest: AsyncIterable<Buffer> }> {
  const iterator = source[Symbol.asyncIterator]();
  let head: Buffer = Buffer.alloc(0);
  while (head.length < bytes) {
    const { done, value } = await iterator.next();
    if (done) break;
    head = Buffer.concat([head, value]);
  }
  async function* all() {
    if (head.length > 0) yield head;
    for (;;) {
      const { done, value } = await iterator.next();
      if (done) return;
      yield Buffer.from(value.buffer, value.byteOffset, value.byteLength);
    }
  }
  return { head: head.subarray(0, bytes), rest: all() };
}

/** What zlib's streams are: `bytesWritten` counts the packed bytes that were used. */
type Unpacker = Transform & { readonly bytesWritten: number };

/**
 * Feeds slice by slice, so that what is unpacked at once stays small, and takes each chunk as it comes: an unpacker
 * that fails drops what stands in its own buffer. It unpacks a slice (on a thread of its own) while the chunks of
 * the one before are read. Node's zstd ends with the first frame of a slice; what it left goes into a new one.
 */
async function* through(
  create: () => Unpacker,
  packed: AsyncIterable<Buffer>,
  name: string,
): AsyncGenerator<Buffer> {
  let running = started(create());
  let sliceBytes = smallSlice;
  const slices = slicesOf(packed, () => sliceBytes);
  let slice = await nextOf(slices);
  let writing = slice && running.write(slice);
  while (slice && writing) {
    const used = await writing;
    const chunks = running.taken();
    sliceBytes = lengthOf(chunks) > muchOutput ? smallSlice : largeSlice;
    const left: Buffer = slice.subarray(used);
    if (running.failure) slice = undefined;
    else if (left.length > 0 && !isPadding(left)) {
      running = started(create());
      slice = left;
    } else slice = await nextOf(slices);
    writing = slice && running.write(slice);
    yield* chunks;
  }
  await running.end();
  yield* running.taken();
  if (running.failure) throw new UnpackError(`${name}: ${running.failure.message}`);
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
    async end(): Promise<void> {
      if (!state.failure) unpacker.end();
      await ended;
    },
  };
}
