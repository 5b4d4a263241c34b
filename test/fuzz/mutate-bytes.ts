import type { Random } from '../chaos/random.ts';

const tokens = [
  ...['"', '\\', '{', '}', '[', ']', ',', ':', '\n', '\r\n', '\r', '\u0000', '\u0000\u0000\u0000\u0000'],
  ...['{"', '"}', '}{', '},{', '\n{', ']}', '\ufeff', 'null', '\u2028', '\t'],
  ...['"kind":"Event",', 'certificatesigningrequests', '[Truncated...]', ' AUDIT: id="', 'PAR1', '\u0085'],
] as const;
const binaries = ['ff', 'fe', 'c0af', 'eda080', '1f8b08', '28b52ffd', '80', 'f0'] as const;

/** How a mutation of bytes is described. */
export interface ChangedBytes {
  readonly bytes: Buffer;
  readonly name: string;
}

/**
 * Changes bytes in one or two places, as often at what structures JSON as anywhere.
 * @param other - another record, of which a part may be put in
 * @param from - no byte before it is changed
 */
export function mutatedBytes(bytes: Buffer, other: Buffer, random: Random, from = 0): ChangedBytes {
  let changed: ChangedBytes = { bytes, name: '' };
  for (let left = random.int(1, 2); left > 0; left -= 1) {
    const next = oneChange(changed.bytes, other, random, from);
    changed = { bytes: next.bytes, name: [changed.name, next.name].filter((name) => name !== '').join(', ') };
  }
  return changed;
}

function oneChange(bytes: Buffer, other: Buffer, random: Random, from: number): ChangedBytes {
  const at = placeIn(bytes, random, from);
  const spliced = (to: number, ...put: (Buffer | string)[]) =>
    Buffer.concat([
      bytes.subarray(0, at),
      ...put.map((part) => (typeof part === 'string' ? Buffer.from(part) : part)),
      bytes.subarray(to),
    ]);
  const to = Math.min(bytes.length, at + random.pick([1, 2, 10, 100, 1_000]));
  const name = (kind: string) => `${kind} at ${at}`;
  switch (random.int(0, 8)) {
    case 0:
      return { bytes: bytes.subarray(0, Math.max(1, at)), name: name('cut') };
    case 1:
      return {
        bytes: spliced(at + 1, Buffer.of((bytes[at] ?? 0) ^ (1 << random.int(0, 7)))),
        name: name('flip'),
      };
    case 2:
      return { bytes: spliced(to), name: name('delete') };
    case 3: {
      const token = random.pick(['"', ...tokens]);
      return { bytes: spliced(at, token), name: name(`insert ${JSON.stringify(token)}`) };
    }
    case 4: {
      const binary = random.pick(['ff', ...binaries]);
      return { bytes: spliced(at, Buffer.from(binary, 'hex')), name: name(`insert 0x${binary}`) };
    }
    case 5: {
      const start = random.int(0, other.length);
      const part = random.chance(0.5) ? other.subarray(start) : other.subarray(start, start + 100);
      return { bytes: spliced(random.chance(0.5) ? bytes.length : at, part), name: name('splice') };
    }
    case 6:
      return { bytes: spliced(at, bytes.subarray(at, to)), name: name('repeat') };
    case 7:
      return { bytes: spliced(to, Buffer.alloc(to - at)), name: name('NULs') };
    default: {
      const token = random.pick(['"', ...tokens]);
      return { bytes: spliced(at + 1, token), name: name(`replace by ${JSON.stringify(token)}`) };
    }
  }
}

const structure = new Set(Buffer.from('"{}[],:\\'));

function placeIn(bytes: Buffer, random: Random, from: number): number {
  const at = random.int(Math.min(from, bytes.length), Math.max(0, bytes.length - 1));
  if (random.chance(0.5)) return at;
  const near = bytes.subarray(at, at + 200).findIndex((byte) => structure.has(byte));
  return near < 0 ? at : at + near;
}
