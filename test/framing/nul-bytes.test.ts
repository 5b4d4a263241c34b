import { expect, test } from 'vitest';
import { NulBytes } from '../../lambda/framing/nul-bytes.ts';
import { PackedPart } from '../../lambda/framing/packed-part.ts';

/** `0` is a NUL byte. */
const withNul = (text: string) => Buffer.from(text.replaceAll('0', '\0'));

test.each<[string, string[], string]>([
  ['a single one', ['a0b'], 'a b'],
  ['three', ['a000b'], 'a   b'],
  ['four', ['a0000b'], 'a\n\n\n\nb'],
  ['runs of different lengths', ['0a00b00000c0'], ' a  b\n\n\n\n\nc '],
  ['a run in two chunks', ['a000', '00b'], 'a   \n\nb'],
  ['a run in three chunks', ['a00', '00', '0b'], 'a  \n\n\nb'],
  ['runs that a chunk separates', ['a000', 'x', '00b'], 'a   x  b'],
  ['runs that the beginning of a chunk separates', ['a000', 'x00b'], 'a   x  b'],
  ['none', ['abc', 'd'], 'abcd'],
])('NUL bytes are replaced: %s', (_, chunks, expected) => {
  const nulBytes = new NulBytes();
  const replaced = chunks.map((text) => {
    const chunk = withNul(text);
    const bytes = nulBytes.replace(chunk, text.includes('0'));
    // the caller's bytes stay as they are
    expect(chunk).toEqual(withNul(text));
    return bytes;
  });
  expect(Buffer.concat(replaced).toString()).toBe(expected);
  expect(nulBytes.utf16At).toBeUndefined();
});

test.each<[string, string[], number | undefined]>([
  ['33 characters', ['x'.repeat(5), 'a0'.repeat(33)], 5],
  ['32 characters', ['a0'.repeat(32)], undefined],
  ['characters in two chunks, without the one between them', ['a0'.repeat(20), 'a0'.repeat(20)], 2],
  ['with two bytes between them', ['a0'.repeat(20) + 'bb0'.repeat(20)], undefined],
  ['with two NULs between them', ['a0'.repeat(20) + 'b00'.repeat(20)], undefined],
])('UTF-16 is noticed: %s', (_, chunks, at) => {
  const nulBytes = new NulBytes();
  for (const text of chunks) nulBytes.replace(withNul(text), text.includes('0'));
  expect(nulBytes.utf16At).toBe(at);
});

const gzip = [0x1f, 0x8b, 0x08];
const zstd = [0x28, 0xb5, 0x2f, 0xfd];
test.each<[string, number[][], object | undefined]>([
  [
    'a gzip where two chunks meet',
    [
      [1, 2, 0x1f],
      [0x8b, 8, 3],
    ],
    { kind: 'gzip', offset: 2 },
  ],
  ['a gzip in three chunks', [[1, 0x1f], [0x8b], [8]], { kind: 'gzip', offset: 1 }],
  ['a zstd where two chunks meet', [[1, 0x28, 0xb5, 0x2f], [0xfd]], { kind: 'zstd', offset: 1 }],
  ['a zstd whose first byte is missing', [[0xb5], [0x2f, 0xfd]], { kind: 'zstd', offset: 0 }],
  [
    'the first of two',
    [[1, 2, ...gzip.slice(0, 2)], [8, ...zstd.slice(0, 2)], zstd.slice(2)],
    { kind: 'gzip', offset: 2 },
  ],
  ['nothing', [[1, 0x1f], [1, 0x8b], [8]], undefined],
])('a packed part is found: %s', (_, chunks, expected) => {
  const part = new PackedPart();
  for (const chunk of chunks) part.add(Buffer.from(chunk), undefined);
  expect(part.found).toEqual(expected);
});

test('a packed part within a chunk is found at its place', () => {
  const part = new PackedPart();
  part.add(Buffer.alloc(10), undefined);
  part.add(Buffer.alloc(10), { kind: 'gzip', at: 4 });
  part.add(Buffer.alloc(10), { kind: 'zstd', at: 1 });
  expect(part.found).toEqual({ kind: 'gzip', offset: 14 });
  const zstdPart = new PackedPart();
  zstdPart.add(Buffer.alloc(10), { kind: 'zstd', at: 5 });
  expect(zstdPart.found).toEqual({ kind: 'zstd', offset: 4 });
});
