import { createGunzip, createZstdDecompress, gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { unpack } from '../../lambda/framing/decompress.ts';
import { UnpackError, unpackSlices } from '../../lambda/framing/unpack-slices.ts';

const noProgress = async () => {};

/** What comes out of chunks, and the error at the end. Each chunk is overwritten when the next one is asked for. */
async function unpacked(chunks: Iterable<Uint8Array>, passesTar = false) {
  let isClosed = false;
  async function* source() {
    try {
      for (const chunk of chunks) {
        const own = Uint8Array.from(chunk);
        yield own;
        own.fill(0xee);
      }
    } finally {
      isClosed = true;
    }
  }
  const texts: string[] = [];
  let error: unknown;
  try {
    for await (const chunk of unpack(source(), noProgress, passesTar)) texts.push(chunk.toString('latin1'));
  } catch (thrown) {
    error = thrown;
  }
  expect(isClosed).toBe(true);
  return { text: texts.join(''), error: error instanceof Error ? `${error.name}: ${error.message}` : error };
}

const text = '{"a":1}\n'.repeat(100);
const skippable = Buffer.from([0x50, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3]);
const tar = Buffer.alloc(1_024);
tar.write('name');
tar.write('ustar', 257);

describe.each([1_000_000, 100, 1])('in chunks of %i bytes', (size) => {
  const pieces = (bytes: Buffer) =>
    Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
      bytes.subarray(index * size, (index + 1) * size),
    );

  test.each<[string, Buffer, string]>([
    ['text', Buffer.from(text), text],
    ['a short text', Buffer.from('{}'), '{}'],
    ['nothing', Buffer.alloc(0), ''],
    ['zeros', Buffer.alloc(10), '\0'.repeat(10)],
    ['zeros before a text', Buffer.from(`\0\0\0${text}`), `\0\0\0${text}`],
    ['zeros before a gzip', Buffer.concat([Buffer.alloc(3), gzipSync(text)]), `\0\0\0${text}`],
    ['a gzip', gzipSync(text), text],
    ['members of a gzip', Buffer.concat([gzipSync('one\n'), gzipSync('two\n')]), 'one\ntwo\n'],
    ['a gzip and padding', Buffer.concat([gzipSync(text), Buffer.alloc(600)]), text],
    ['a gzip of nothing', gzipSync(''), ''],
    ['a gzip in a gzip', gzipSync(gzipSync(text)), text],
    ['zeros in a gzip', gzipSync(Buffer.concat([Buffer.alloc(9), gzipSync('x\n')])), `${'\0'.repeat(9)}x\n`],
    ['a zstd', zstdCompressSync(text), text],
    [
      'frames of a zstd',
      Buffer.concat(['one\n', 'two\n', 'three\n'].map((one) => zstdCompressSync(one))),
      'one\ntwo\nthree\n',
    ],
    ['a zstd behind a frame to skip', Buffer.concat([skippable, zstdCompressSync(text)]), text],
    ['a zstd in a gzip', gzipSync(zstdCompressSync(text)), text],
  ])('%s is unpacked', async (_, bytes, expected) => {
    expect(await unpacked(pieces(bytes))).toEqual({ text: expected, error: undefined });
  });

  test.each<[string, Buffer, string]>([
    ['three layers', gzipSync(gzipSync(gzipSync('x'))), 'packed more than 2 times'],
    ['Parquet', Buffer.from('PAR1xxxx'), 'Parquet is not read: have the log written as JSON'],
    ['Parquet in a gzip', gzipSync('PAR1xxxx'), 'Parquet is not read: have the log written as JSON'],
    ['a tar archive', tar, 'a tar archive is not read: write each log as an object of its own'],
    ['bytes', Buffer.from([1, 2, 3, 4]), 'the bytes are not text, nor of a kind that is known here'],
  ])('%s is refused', async (_, bytes, reason) => {
    expect(await unpacked(pieces(bytes))).toEqual({ text: '', error: `UnpackError: ${reason}` });
  });

  test('a gzip that is cut off is read up to its end', async () => {
    const cut = gzipSync(text).subarray(0, -9);
    const { text: found, error } = await unpacked(pieces(cut));
    expect(text.startsWith(found)).toBe(true);
    expect(error).toBe('UnpackError: gzip: unexpected end of file');
  });

  test('a tar archive passes if it may', async () => {
    expect(await unpacked(pieces(tar), true)).toEqual({ text: tar.toString('latin1'), error: undefined });
    const packed = await unpacked(pieces(gzipSync(tar)), true);
    expect(packed).toEqual({ text: tar.toString('latin1'), error: undefined });
  });
});

test.each([0, 1, 600])('what came before the source failed is yielded: %i bytes', async (length) => {
  function* failing() {
    if (length > 0) yield Buffer.alloc(length, '{');
    throw new RangeError('gone');
  }
  expect(await unpacked(failing())).toEqual({ text: '{'.repeat(length), error: 'RangeError: gone' });
});

test('slices: what came before the source failed is unpacked, and its error is thrown', async () => {
  async function* failing() {
    yield gzipSync(text).subarray(0, -9);
    throw new RangeError('gone');
  }
  const found: string[] = [];
  const read = async () => {
    for await (const chunk of unpackSlices(createGunzip, failing(), 'gzip', noProgress))
      found.push(`${chunk}`);
  };
  await expect(read()).rejects.toThrow(new RangeError('gone'));
  expect(text.startsWith(found.join(''))).toBe(true);
});

test('slices: progress is reported for each, and ends the reading if it throws', async () => {
  const packed = Buffer.concat(Array.from({ length: 4 }, () => zstdCompressSync('x\n')));
  const read = async (limit: number) => {
    let steps = 0;
    async function* source() {
      yield packed;
    }
    const onProgress = async () => {
      steps += 1;
      if (steps > limit) throw new UnpackError('too long');
    };
    let text = '';
    for await (const chunk of unpackSlices(createZstdDecompress, source(), 'zstd', onProgress)) text += chunk;
    return { text, steps };
  };
  expect(await read(100)).toEqual({ text: 'x\n'.repeat(4), steps: 4 });
  await expect(read(2)).rejects.toThrow('too long');
});

test('slices: as much goes in as comes to a bounded text', async () => {
  const packed = gzipSync(Buffer.alloc(6_000_000, 'a'));
  async function* source() {
    yield packed;
  }
  const sizes: number[] = [];
  const used: number[] = [];
  const create = (options: { chunkSize: number }) => {
    const unpacker = createGunzip(options);
    const write = unpacker.write.bind(unpacker);
    unpacker.write = (chunk: Buffer, ...rest: never[]) => {
      used.push(chunk.length);
      return write(chunk, ...rest);
    };
    return unpacker;
  };
  for await (const chunk of unpackSlices(create, source(), 'gzip', noProgress)) sizes.push(chunk.length);
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(6_000_000);
  expect(Math.max(...sizes)).toBe(2 ** 20);
  expect(used[0]).toBe(4_096);
  expect(used.slice(1, -1).every((length) => length > 256 && length < 1_200)).toBe(true);
});
