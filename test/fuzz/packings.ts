import { constants, gzipSync, zstdCompressSync } from 'node:zlib';
import type { Random } from '../chaos/random.ts';

/** The bytes of an object, packed and perhaps damaged. */
export interface Packed {
  readonly bytes: Buffer;
  readonly name: string;
  /** The packing is damaged: what is in it may be unreadable, and then the input has a fault. */
  readonly isDamaged: boolean;
  /** What comes out may not be what went in: zstd has no checksum by default, and that of gzip comes last. */
  readonly isCorrupt: boolean;
}

const gzip = (bytes: Buffer) => gzipSync(bytes, { level: 1 });
const zstd = (bytes: Buffer) =>
  zstdCompressSync(bytes, { params: { [constants.ZSTD_c_compressionLevel]: 1 } });

/** As producers pack: the whole, in members or frames that begin anywhere, or twice. */
const packers: Readonly<Record<string, (bytes: Buffer, random: Random) => Buffer>> = {
  gzip,
  'gzip members': (bytes, random) => Buffer.concat(cut(bytes, random).map(gzip)),
  'gzip with an empty member': (bytes) =>
    Buffer.concat([gzip(Buffer.alloc(0)), gzip(bytes), gzip(Buffer.alloc(0))]),
  zstd,
  'zstd frames': (bytes, random) => Buffer.concat(cut(bytes, random).map(zstd)),
  'zstd after a skippable frame': (bytes) =>
    Buffer.concat([Buffer.from('502a4d1804000000deadbeef', 'hex'), zstd(bytes)]),
  'gzip in gzip': (bytes) => gzip(gzip(bytes)),
  'zstd in gzip': (bytes) => gzip(zstd(bytes)),
};
const packerNames = Object.keys(packers);

export function plainly(text: Buffer): Packed {
  return { bytes: text, name: 'text', isDamaged: false, isCorrupt: false };
}

export function packed(text: Buffer, random: Random): Packed {
  if (random.chance(0.75)) return plainly(text);
  const name = packerNames[random.int(0, packerNames.length - 1)] ?? '';
  const bytes = packers[name]?.(text, random) ?? text;
  if (random.chance(0.7)) return { bytes, name, isDamaged: false, isCorrupt: false };
  const damage = damaged(bytes, random);
  return {
    bytes: damage.bytes,
    name: `${name}, ${damage.name}`,
    isDamaged: true,
    isCorrupt: damage.name.startsWith('flipped'),
  };
}

function cut(bytes: Buffer, random: Random): Buffer[] {
  const at = random.int(0, bytes.length);
  return [bytes.subarray(0, at), bytes.subarray(at)];
}

function damaged(bytes: Buffer, random: Random): { bytes: Buffer; name: string } {
  const at = random.int(0, Math.max(0, bytes.length - 1));
  const behind = (name: string, ...parts: Buffer[]) => ({ bytes: Buffer.concat([bytes, ...parts]), name });
  // what takes long to unpack is rare
  if (random.chance(0.02)) return behind('a bomb behind it', bomb(random));
  switch (random.int(0, 7)) {
    case 0:
      return { bytes: bytes.subarray(0, at), name: 'cut' };
    case 1: {
      const flipped = Buffer.from(bytes);
      flipped[at] = (flipped[at] ?? 0) ^ (1 << random.int(0, 7));
      return { bytes: flipped, name: `flipped at ${at}` };
    }
    case 2:
      return behind(
        'bytes behind it',
        Buffer.from(random.pick(['00', 'ff', '1f8b', '28b52ffd', '0a', '7b22']), 'hex'),
      );
    case 3:
      return behind('zeros behind it', Buffer.alloc(random.pick([1, 512, 10_240])));
    case 4:
      return behind('text behind it', Buffer.from('{"a":1}\n'));
    case 5:
      return behind('a window behind it', windowOf(random));
    case 6:
      return behind(
        'empty frames behind it',
        ...Array.from({ length: random.int(1, 200) }, () => zstd(Buffer.alloc(0))),
      );
    default:
      return { bytes: Buffer.concat([windowOf(random), bytes]), name: 'a window before it' };
  }
}

/** A zstd frame that states a window of up to 3.75 TiB, and an empty last block. */
function windowOf(random: Random): Buffer {
  return Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, random.int(0, 255), 0x01, 0x00, 0x00]);
}

const bombs = new Map<string, Buffer>();

/** Expands a thousandfold, or in layers a millionfold. */
function bomb(random: Random): Buffer {
  const megabytes = random.pick([1, 8, 80]);
  const filling = random.pick(['\u0000', 'a', '{', '[', '{}\n', '"']);
  const name = random.pick(['gzip', 'zstd', 'gzip in gzip', 'zstd in gzip']);
  const key = `${megabytes} ${filling} ${name}`;
  const known =
    bombs.get(key) ?? packers[name]?.(Buffer.alloc(megabytes * 2 ** 20, filling), random) ?? Buffer.alloc(0);
  bombs.set(key, known);
  return known;
}
