import { createReadStream } from 'node:fs';
import { fileErrorReason } from '../../lambda/file-error.ts';
import { release } from '../../lambda/framing/released-chunk.ts';
import { namedCluster } from '../../lambda/scan/cluster-name.ts';
import type { Input } from '../../lambda/scan/input.ts';
import { statsOf } from './file-stats.ts';
import { type InputRef, originOf } from './input-ref.ts';
import { objectBytes } from './s3-input.ts';

/** Larger reads mean fewer turns of the event loop; still larger ones gain nothing. */
const readBytes = 1 << 20;

/** A file or an object. */
export type ByteRef = Exclude<InputRef, { kind: 'log-group' }>;

export interface OpenOptions {
  /** Overrides the names in the logs. */
  readonly cluster: string | null;
  /** Ends the input early, as a fault. */
  readonly signal: AbortSignal;
  /** Called with the number of bytes of each read, before decompression. */
  readonly onBytes?: ((bytes: number) => void) | undefined;
}

export const interrupted = 'interrupted';

export function byteInput(ref: ByteRef, options: OpenOptions): Input {
  return {
    origin: originOf(ref),
    cluster: namedCluster(options.cluster),
    open: () => chunksOf(ref, options),
  };
}

/** @throws Error whose message states why the input cannot be read */
async function* chunksOf(ref: ByteRef, { signal, onBytes }: OpenOptions): AsyncGenerator<Uint8Array> {
  try {
    const chunks =
      ref.kind === 'object' ? objectBytes(ref.bucket, ref.key, signal) : fileBytes(ref.path, signal);
    for await (const chunk of chunks) {
      if (signal.aborted) break;
      onBytes?.(chunk.length);
      yield chunk;
    }
  } catch (error) {
    if (!signal.aborted) throw new Error(fileErrorReason(error), { cause: error });
  }
  if (signal.aborted) throw new Error(interrupted);
}

function fileBytes(path: string, signal: AbortSignal): AsyncIterable<Buffer> {
  if (path !== '-') {
    const options = { highWaterMark: readBytes, signal, ...endOf(path) };
    return releasing(createReadStream(path, options));
  }
  // standard input may be waiting for more
  signal.addEventListener('abort', () => process.stdin.destroy());
  return process.stdin;
}

/** A log may grow faster than it is read: it is read up to its size when it is opened. */
function endOf(path: string): { readonly end?: number } {
  const stats = statsOf(path);
  // the files of /proc have no size
  return stats?.isFile() && stats.size > 0 ? { end: stats.size - 1 } : {};
}

async function* releasing(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) {
    yield chunk;
    release(chunk);
  }
}
