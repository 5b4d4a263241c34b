import { createReadStream } from 'node:fs';
import { namedCluster } from '../../lambda/sources/cluster.ts';
import type { Input } from '../../lambda/sources/input.ts';

/** Larger reads mean fewer turns of the event loop; past this size the gain is gone. */
const readBytes = 1 << 20;

/**
 * @param path - `-` is standard input.
 * @param onBytes - called with the number of bytes read, packed or not, as they arrive
 */
export function fileInput(path: string, cluster: string | null, onBytes?: (bytes: number) => void): Input {
  const opened = () => (path === '-' ? process.stdin : createReadStream(path, { highWaterMark: readBytes }));
  return {
    origin: { kind: 'file', path },
    cluster: namedCluster(cluster),
    open: () => (onBytes === undefined ? opened() : counted(opened(), onBytes)),
  };
}

async function* counted(chunks: AsyncIterable<Buffer>, onBytes: (bytes: number) => void) {
  for await (const chunk of chunks) {
    onBytes(chunk.length);
    yield chunk;
  }
}
