import { isTextHead } from './text-head.ts';

/** What the first bytes of an object say of the rest. */
export type Content =
  | { readonly kind: 'gzip' | 'zstd' | 'text' }
  /** Only the command reads the files in it. */
  | { readonly kind: 'tar'; readonly reason: string }
  /** A kind that is known and isn't read, or bytes that are no text. */
  | { readonly kind: 'refused'; readonly reason: string };

/** So many bytes are looked at. */
export const headBytes = 512;

const packedKinds: readonly (readonly [start: RegExp, 'gzip' | 'zstd'])[] = [
  [/^\x1f\x8b/, 'gzip'],
  [/^\x28\xb5\x2f\xfd/, 'zstd'],
  // a skippable frame, as parallel and seekable writers put before the first one
  [/^[\x50-\x5f]\x2a\x4d\x18/, 'zstd'],
];

const asJson = 'have the log written as JSON';
const repack = 'compress it with gzip or zstd';

/** What also lies in buckets of logs, by its first bytes, and what to do about it. */
const refusedKinds: readonly (readonly [start: RegExp, name: string, advice: string])[] = [
  [/^PAR1/, 'Parquet', asJson],
  [/^ORC/, 'ORC', asJson],
  [/^Obj\x01/, 'Avro', asJson],
  [/^BZh\d1AY&SY/, 'bzip2', repack],
  [/^\xfd7zXZ\0/, 'xz', repack],
  [/^7z\xbc\xaf\x27\x1c/, '7z', repack],
  [/^PK\x03\x04/, 'a zip archive', repack],
  [/^\x04\x22\x4d\x18/, 'lz4', repack],
  [/^\x02\x21\x4c\x18/, 'lz4', repack],
  [/^\xff\x06\0\0sNaPpY/, 'Snappy', repack],
  [/^\x1f\x9d/, 'compress (.Z)', repack],
  [/^LZIP\x01/, 'lzip', repack],
  [/^(?:\xff\xfe|\xfe\xff)/, 'UTF-16', 'write it as UTF-8'],
  // longer than a word, and nothing else in the first lines
  [/^(?=[\w+/-]{60})[\w+/=\r\n-]+$/, 'base64', 'decode it'],
];

/** POSIX writes `ustar` there, and so does GNU tar. */
const tar = /^[\0-\xff]{257}ustar/;

/** Kinds whose first bytes could begin a text. */
const refusedIfNoText: typeof refusedKinds = [
  [/^\x78[\x01\x5e\x9c\xda]/, 'zlib', repack],
  [/^(?:[^\0]\0){4}|^(?:\0[^\0]){4}/, 'UTF-16', 'write it as UTF-8'],
];

/** Decides by content, never by a name or a header. */
export function contentOf(head: Buffer): Content {
  const bytes = head.toString('latin1');
  const packed = packedKinds.find(([start]) => start.test(bytes));
  if (packed) return { kind: packed[1] };
  if (tar.test(bytes))
    return { kind: 'tar', reason: 'a tar archive is not read: write each log as an object of its own' };
  const kinds = isTextHead(head) ? refusedKinds : [...refusedKinds, ...refusedIfNoText];
  const refused = kinds.find(([start]) => start.test(bytes));
  if (refused) return { kind: 'refused', reason: `${refused[1]} is not read: ${refused[2]}` };
  if (isTextHead(head)) return { kind: 'text' };
  return { kind: 'refused', reason: 'the bytes are not text, nor of a kind that is known here' };
}
