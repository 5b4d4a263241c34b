import { createReadStream } from 'node:fs';
import { fileErrorReason } from '../../lambda/file-error.ts';
import { namedCluster } from '../../lambda/scan/cluster-name.ts';
import type { Input } from '../../lambda/scan/input.ts';

/** Larger reads mean fewer turns of the event loop; still larger ones gain nothing. */
const readBytes = 1 << 20;

/**
 * @param path - `-` is standard input.
 * @param onBytes - called with the number of bytes of each read, before decompression
 */
export function fileInput(path: string, cluster: string | null, onBytes?: (bytes: number) => void): Input {
  return {
    origin: { kind: 'file', path },
    cluster: namedCluster(cluster),
    open: () => chunksOf(path, onBytes),
  };
}

/** @throws Error whose message states why the file cannot be read */
async function* chunksOf(path: string, onBytes?: (bytes: number) => void): AsyncGenerator<Buffer> {
  try {
    const chunks: AsyncIterable<Buffer> =
      path === '-' ? process.stdin : createReadStream(path, { highWaterMark: readBytes });
    for await (const chunk of chunks) {
      onBytes?.(chunk.length);
      yield chunk;
    }
  } catch (error) {
    throw new Error(fileErrorReason(error), { cause: error });
  }
}
