/** What the first bytes of an object say of the rest. */
export type Content =
  | { readonly kind: 'gzip' | 'zstd' | 'text' }
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

/** What also lies in buckets of logs, by its first bytes, and what to do about it. */
const refusedKinds: readonly (readonly [start: RegExp, name: string, advice: string])[] = [
  [/^PAR1/, 'Parquet', 'have the log written as JSON'],
  [/^ORC/, 'ORC', 'have the log written as JSON'],
  [/^Obj\x01/, 'Avro', 'have the log written as JSON'],
  [/^BZh\d1AY&SY/, 'bzip2', 'pack it as gzip or zstd'],
  [/^\xfd7zXZ\0/, 'xz', 'pack it as gzip or zstd'],
  [/^PK\x03\x04/, 'a zip archive', 'pack it as gzip or zstd'],
  [/^\x04\x22\x4d\x18/, 'lz4', 'pack it as gzip or zstd'],
  [/^\xff\x06\0\0sNaPpY/, 'Snappy', 'pack it as gzip or zstd'],
  [/^(?:\xff\xfe|\xfe\xff)/, 'UTF-16', 'write it as UTF-8'],
];

/** Decides by content, never by a name or a header. */
export function contentOf(head: Buffer): Content {
  const bytes = head.toString('latin1');
  const packed = packedKinds.find(([start]) => start.test(bytes));
  if (packed) return { kind: packed[1] };
  const refused = refusedKinds.find(([start]) => start.test(bytes));
  if (refused) return { kind: 'refused', reason: `${refused[1]} is not read: ${refused[2]}` };
  // zeros at the beginning are what a log that was cut down while it was written leaves
  if (/[^\0]\0/.test(bytes))
    return { kind: 'refused', reason: 'neither gzip, zstd nor text, nor anything else that is known here' };
  return { kind: 'text' };
}
