import { createGunzip, createZstdDecompress } from 'node:zlib';
import { contentOf, headBytes } from './content-kind.ts';
import { kept } from './released-chunk.ts';
import { type OnProgress, UnpackError, unpackSlices } from './unpack-slices.ts';

/** Gzip expands 1,032 times at most. More is possible only in layers, or with zstd, and no log does. */
const maxExpansion = 1_100;
/** So many bytes may be decompressed from any input. */
const freeBytes = 64 * 2 ** 20;
/** Firehose packs what CloudWatch Logs packed already. */
const maxLayers = 2;

/**
 * Decompresses gzip (any number of members), zstd (any number of frames), and either inside either, decided by content;
 * text passes as it is.
 * @param onProgress - also called if nothing comes out, as of a million empty frames
 * @param passesTar - a tar archive also passes as it is
 * @throws {UnpackError} after all that could be decompressed was yielded, or at once if it expands too much
 */
export async function* unpack(
  packed: AsyncIterable<Uint8Array>,
  onProgress: OnProgress,
  passesTar = false,
): AsyncGenerator<Buffer> {
  let packedBytes = 0;
  let bytes = 0;
  async function* counted() {
    for await (const chunk of packed) {
      packedBytes += chunk.length;
      yield chunk;
    }
  }
  for await (const chunk of layer(counted(), { layers: maxLayers, onProgress, passesTar })) {
    bytes += chunk.length;
    if (bytes > freeBytes + maxExpansion * packedBytes)
      throw new UnpackError(`it expands more than ${maxExpansion} times`);
    yield chunk;
  }
}

interface LayerOptions {
  /** That may still be unpacked. */
  readonly layers: number;
  readonly onProgress: OnProgress;
  readonly passesTar: boolean;
}

/** However it ends, the source is closed, and so are the layers around it. */
async function* layer(packed: AsyncIterable<Uint8Array>, options: LayerOptions): AsyncGenerator<Buffer> {
  const { layers, onProgress, passesTar } = options;
  const source = packed[Symbol.asyncIterator]();
  try {
    const first = yield* leadingZeros(source);
    if (!first) return;
    const { head, all } = await peek(source, first);
    const content = contentOf(head);
    switch (content.kind) {
      case 'refused':
        throw new UnpackError(content.reason);
      case 'tar':
        if (!passesTar) throw new UnpackError(content.reason);
        yield* all;
        return;
      case 'text':
        yield* all;
        return;
      case 'gzip':
      case 'zstd': {
        if (layers === 0) throw new UnpackError(`packed more than ${maxLayers} times`);
        const create = content.kind === 'gzip' ? createGunzip : createZstdDecompress;
        const unpacked = unpackSlices(create, all, content.kind, onProgress);
        yield* layer(unpacked, { ...options, layers: layers - 1 });
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
