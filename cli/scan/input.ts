import { createReadStream } from 'node:fs';
import { namedCluster } from '../../lambda/sources/cluster.ts';
import type { Input } from '../../lambda/sources/input.ts';

/** Larger reads mean fewer turns of the event loop; past this size the gain is gone. */
const readBytes = 1 << 20;

/** @param path - `-` is standard input. */
export function fileInput(path: string, cluster: string | null): Input {
  return {
    origin: { kind: 'file', path },
    cluster: namedCluster(cluster),
    open: () => (path === '-' ? process.stdin : createReadStream(path, { highWaterMark: readBytes })),
  };
}
