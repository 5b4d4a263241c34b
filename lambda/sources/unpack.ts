import type { Transform } from 'node:stream';
import { createGunzip, createZstdDecompress } from 'node:zlib';

/** Packed bytes handed to the unpacker at once: a thousandfold bomb unpacks them to some 16 MB. */
const sliceBytes = 16_384;
/** Unpacked bytes of one chunk. */
const chunkSize = 262_144;

/** The bytes are of no kind that can be read, or are cut off: what came before was yielded. */
export class UnpackError extends Error {
  override readonly name = 'UnpackError';
}

/**
 * Unpacks gzip (any number of members) and zstd, decided by content; plain bytes pass.
 * @throws {UnpackError} after all that could be unpacked was yielded.
 */
export async function* unpack(packed: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  const { head, rest } = await peek(packed, 4);
  const magic = head.toString('latin1');
  if (magic.startsWith('\x1f\x8b')) yield* through(createGunzip({ chunkSize }), rest, 'gzip');
  else if (magic === '\x28\xb5\x2f\xfd') yield* through(createZstdDecompress({ chunkSize }), rest, 'zstd');
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

/**
 * Feeds slice by slice, so that what is unpacked at once stays small, and takes each chunk as it comes:
 * an unpacker that fails drops what stands in its own buffer.
 */
async function* through(
  unpacker: Transform,
  packed: AsyncIterable<Buffer>,
  name: string,
): AsyncGenerator<Buffer> {
  let ready: Buffer[] = [];
  let failure: Error | undefined;
  const ended = new Promise<void>((resolve) => {
    unpacker.on('data', (chunk: Buffer) => ready.push(chunk));
    unpacker.once('end', resolve);
    unpacker.once('error', (error) => {
      failure = error;
      resolve();
    });
  });
  const taken = () => {
    const chunks = ready;
    ready = [];
    return chunks;
  };
  for await (const bytes of packed) {
    for (let from = 0; from < bytes.length && !failure; from += sliceBytes) {
      const slice = bytes.subarray(from, from + sliceBytes);
      await new Promise<void>((resolve) => unpacker.write(slice, () => resolve()));
      yield* taken();
    }
    if (failure) break;
  }
  if (!failure) unpacker.end();
  await ended;
  yield* taken();
  if (failure) throw new UnpackError(`${name}: ${failure.message}`);
}
