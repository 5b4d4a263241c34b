// Decompression only: the limit for every scanner.
import { createReadStream } from 'node:fs';
import { createGunzip, createZstdDecompress } from 'node:zlib';

const path = process.argv[2] ?? '';
const unpacker = path.endsWith('.zst')
  ? createZstdDecompress({ chunkSize: 262_144 })
  : createGunzip({ chunkSize: 262_144 });
let bytes = 0;
createReadStream(path, { highWaterMark: 1 << 20 })
  .pipe(unpacker)
  .on('data', (chunk) => {
    bytes += chunk.length;
  })
  .on('end', () => process.stdout.write(`${bytes}\n`));
