import { execFileSync } from 'node:child_process';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { event, line, lines, scanChunks, scanText } from '../scan/scan-text.ts';

const two = [event('one'), event('two')];
const text = Buffer.from(lines(two));
const many = Buffer.from(lines(Array.from({ length: 400 }, (_, index) => event(`id-${Math.sin(index)}`))));

/** A tool's output, or nothing where it is not installed. */
function packedBy(tool: string, ...args: string[]): (input: Buffer) => Buffer | undefined {
  return (input) => {
    try {
      return execFileSync(tool, args, { input, stdio: ['pipe', 'pipe', 'ignore'] });
    } catch {
      return undefined;
    }
  };
}

/** A raw Snappy block that copies the text: its length, and the length of the copy. */
function snappyBlock(input: Buffer): Buffer {
  const head = [0x80 | (input.length & 0x7f), input.length >> 7];
  const copy = [0xf4, (input.length - 1) & 0xff, (input.length - 1) >> 8];
  return Buffer.concat([Buffer.from([...head, ...copy]), input]);
}

/** A header of POSIX tar, or of the older tar without a magic number. */
function tarred(input: Buffer, magic: string): Buffer {
  const header = Buffer.alloc(512);
  header.write('audit.log', 0);
  header.write('0000644\0', 100);
  header.write(`${input.length.toString(8).padStart(11, '0')}\0`, 124);
  header.write(magic, 257);
  return Buffer.concat([header, input, Buffer.alloc(1_024)]);
}

const noText = 'the bytes are not text, nor of a kind that is known here';
const kinds: readonly (readonly [string, RegExp | string, (input: Buffer) => Buffer | undefined])[] = [
  ['zlib', /^zlib is not read/, (input) => deflateSync(input)],
  ['zlib without compression', /^zlib is not read/, (input) => deflateSync(input, { level: 0 })],
  ['raw deflate', noText, (input) => deflateRawSync(input)],
  ['Brotli', noText, (input) => brotliCompressSync(input)],
  ['base64', /^base64 is not read/, (input) => Buffer.from(input.toString('base64'))],
  ['base64 for URLs', /^base64 is not read/, (input) => Buffer.from(input.toString('base64url'))],
  [
    'base64 in lines of 76 characters',
    /^base64 is not read/,
    (input) => Buffer.from(input.toString('base64').replace(/.{76}/g, '$&\r\n')),
  ],
  ['base64 of gzip', /^base64 is not read/, (input) => Buffer.from(gzipSync(input).toString('base64'))],
  ['tar', /^a tar archive is not read/, (input) => tarred(input, 'ustar\0')],
  ['UTF-16 without a mark', /^UTF-16 is not read/, (input) => Buffer.from(input.toString(), 'utf16le')],
  [
    'big-endian UTF-16 without a mark',
    /^(?:UTF-16 is not read|the bytes are not text)/,
    (input) => Buffer.from(input.toString(), 'utf16le').swap16(),
  ],
  ['a Snappy block', noText, snappyBlock],
  ['xz', /^xz is not read/, packedBy('xz', '-c')],
  ['bzip2', /^bzip2 is not read/, packedBy('bzip2', '-c')],
  ['lz4', /^lz4 is not read/, packedBy('lz4', '-c')],
  ['7z', /^7z is not read/, () => Buffer.from('7z\xbc\xaf\x27\x1c\0\x04', 'latin1')],
  ['compress', /^compress/, () => Buffer.from('\x1f\x9d\x90\x7b\x44', 'latin1')],
];

describe('is refused, packed once more or not:', () => {
  test.each(kinds)('%s', async (_, reason, pack) => {
    for (const input of [text, many]) {
      const packed = pack(input);
      if (packed === undefined) continue;
      for (const bytes of [packed, gzipSync(packed), zstdCompressSync(packed)]) {
        const { report } = await scanText(bytes);
        expect(report).toMatchObject({ events: 0, fault: { reason: expect.stringMatching(reason) } });
      }
    }
  });
});

describe('is text:', () => {
  const texts: readonly (readonly [string, Buffer])[] = [
    ['a byte order mark', Buffer.from(`\ufeff${text}`)],
    ['CR LF', Buffer.from(text.toString().replaceAll('\n', '\r\n'))],
    ['characters outside of ASCII', Buffer.concat([Buffer.from('größer 日本\u0085\n'), text])],
    ['the end of a character that was cut', Buffer.concat([Buffer.from('日本\n').subarray(1), text])],
    ['what Go writes for invalid bytes', Buffer.from(`${'\ufffd'.repeat(300)}\n${text}`)],
    [
      'a few bytes that a client sent',
      Buffer.concat([Buffer.from('user-agent: \xff\xfe\x01\n', 'latin1'), text]),
    ],
    ['the colors of a terminal', Buffer.concat([Buffer.from('\u001b[32mINFO\u001b[0m\n'), text])],
    ['x^ at its beginning', Buffer.concat([Buffer.from('x^2\n'), text])],
  ];
  test.each(texts)('%s', async (_, bytes) => {
    for (const packed of [bytes, gzipSync(bytes)]) {
      const { ids, report } = await scanText(packed);
      expect({ ids, fault: report.fault }).toEqual({ ids: ['one', 'two'], fault: undefined });
    }
  });
});

describe('NUL bytes', () => {
  const [one = '', other = ''] = two.map(line);

  test.each([1, 3, 4, 300, 100_000])('in a run of %i cost no event, wherever it is', async (length) => {
    const run = Buffer.alloc(length);
    const places = [
      [run, one, other],
      [one, run, other],
      [one, other, run],
      [one, '\n', run, '\n', other],
      [one.trimEnd(), run, other],
    ];
    for (const [index, parts] of places.entries()) {
      // a single NUL between two documents on one line is white space
      const bytes = Buffer.concat(parts.map((part) => Buffer.from(part)));
      for (const size of [7, 1_000, bytes.length]) {
        if (size === 7 && bytes.length > 5_000) continue;
        const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) =>
          bytes.subarray(at * size, (at + 1) * size),
        );
        const { ids, report, records } = await scanChunks(chunks);
        expect({ index, size, ids, fault: report.fault }).toEqual({
          ...{ index, size, ids: ['one', 'two'], fault: undefined },
        });
        expect(report).toMatchObject({ bytes: bytes.length, rejected: 0 });
        expect(records[1]?.place.offset).toBeLessThanOrEqual(bytes.indexOf('{', bytes.indexOf('}}') + 2));
      }
    }
  });

  test('behind a record that was cut: both are read', async () => {
    const cut = one.slice(0, one.length - 20);
    const { ids, truncated, report } = await scanText(`${cut}${'\0'.repeat(5_000)}${other}`);
    expect({ ids, truncated }).toEqual({ ids: ['two'], truncated: ['one'] });
    expect(report.rejected).toBe(1);
  });

  test('inside of a string cost no event', async () => {
    const { ids } = await scanText(`${one.replace('kubectl', 'kube\0ctl')}${other}`);
    expect(ids).toEqual(['one', 'two']);
  });

  test('70 MiB of them before a log cost no event and no memory', async () => {
    const zeros = Buffer.alloc(2 ** 20);
    let most = 0;
    async function* chunks() {
      for (let count = 0; count < 70; count += 1) {
        yield zeros;
        most = Math.max(most, process.memoryUsage().rss);
      }
      yield text;
    }
    const before = process.memoryUsage().rss;
    const { ids, report } = await scanChunks(chunks());
    expect(ids).toEqual(['one', 'two']);
    expect(report).toMatchObject({ rejected: 0, bytes: 70 * 2 ** 20 + text.length });
    expect(most - before).toBeLessThan(100 * 2 ** 20);
  });

  test('after every other byte of a part are rejected as UTF-16', async () => {
    const { ids, report } = await scanText(Buffer.concat([many, Buffer.from(other, 'utf16le')]));
    expect(ids).toHaveLength(400);
    expect(report.rejections).toContainEqual(
      expect.objectContaining({ reason: 'UTF-16 is not read: write it as UTF-8' }),
    );
    expect(report.unread.count).toBeGreaterThan(0);
  });
});
