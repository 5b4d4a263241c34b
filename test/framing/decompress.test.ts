import { gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { event, lines, scanChunks, scanText } from '../scan/scan-text.ts';

const two = [event('one'), event('two')];
const text = Buffer.from(lines(two));
const many = Buffer.from(
  lines(Array.from({ length: 3_000 }, (_, index) => event(`id-${index}-${Math.sin(index)}`))),
);
const salvagedEvents = (bytes: Buffer, size: number) =>
  Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
    bytes.subarray(index * size, (index + 1) * size),
  );

describe('what is packed', () => {
  test.each<[string, Buffer]>([
    ['twice, as Firehose does with what CloudWatch Logs packed', gzipSync(gzipSync(text))],
    ['in members, and those once more', gzipSync(Buffer.concat(two.map((one) => gzipSync(lines([one])))))],
    ['as zstd in gzip', gzipSync(zstdCompressSync(text))],
    ['as zstd behind a frame to skip', Buffer.concat([skippable(), zstdCompressSync(text)])],
    [
      'as zstd frames with one to skip between',
      Buffer.concat([
        zstdCompressSync(lines(two.slice(0, 1))),
        skippable(),
        zstdCompressSync(lines(two.slice(1))),
      ]),
    ],
  ])('%s is unpacked', async (_, packed) => {
    for (const size of [1, 100, packed.length]) {
      const { ids, report } = await scanChunks(salvagedEvents(packed, size));
      expect({ size, ids, fault: report.fault }).toEqual({ size, ids: ['one', 'two'], fault: undefined });
    }
  });

  test('three times is refused', async () => {
    const { report } = await scanText(gzipSync(gzipSync(gzipSync(text))));
    expect(report.fault?.reason).toBe('packed more than 2 times');
  });

  test('twice and cut off keeps what was readable', async () => {
    const packed = gzipSync(gzipSync(many));
    const { ids, report } = await scanText(packed.subarray(0, packed.length / 2));
    expect(ids.length).toBeGreaterThan(1_000);
    expect(report.fault?.reason).toBe('gzip: unexpected end of file');
  });

  test.each<[string, (bytes: Buffer) => Buffer, number]>([
    ['gzip', gzipSync, 0.98],
    // zstd hands out blocks of 128 KiB
    ['zstd', zstdCompressSync, 0.5],
  ])('as %s and corrupt in its middle keeps what stands before', async (kind, pack, least) => {
    for (const part of [0.3, 0.5, 0.9]) {
      const packed = pack(many);
      const at = Math.floor(packed.length * part);
      const corrupt = Buffer.concat([
        packed.subarray(0, at),
        Buffer.alloc(400, 0xff),
        packed.subarray(at + 400),
      ]);
      for (const size of [100, 5_000, packed.length]) {
        const { ids, report } = await scanChunks(salvagedEvents(corrupt, size));
        // what follows is unpacked wrongly until that is seen
        const before = many.toString('utf8', 0, many.length * part * least);
        const wanted = [...before.matchAll(/"auditID":"([^"]+)".*\n/g)].map(([, id]) => id);
        expect(ids.slice(0, wanted.length)).toEqual(wanted);
        expect(report.bytes).toBeGreaterThan(many.length * part * least);
        expect(report.fault?.reason).toContain(kind);
      }
    }
  });

  test('and whose checksum is wrong is read whole, and is a fault', async () => {
    const packed = gzipSync(many);
    packed[packed.length - 8] = (packed[packed.length - 8] ?? 0) ^ 1;
    const { ids, report } = await scanText(packed);
    expect(ids.length).toBe(3_000);
    expect(report.fault?.reason).toBe('gzip: incorrect data check');
  });

  test('is read up to where its source fails', async () => {
    const packed = gzipSync(many);
    async function* failing() {
      yield packed.subarray(0, packed.length / 2);
      throw new Error('the connection is gone');
    }
    const { ids, report } = await scanChunks(failing());
    expect(ids.length).toBeGreaterThan(1_000);
    expect(report.fault?.reason).toBe('the connection is gone');
  });
});

describe('what is no text', () => {
  test.each<[string, string]>([
    ['Parquet is not read: have the log written as JSON', 'PAR1\x15'],
    ['ORC is not read: have the log written as JSON', 'ORC\n'],
    ['Avro is not read: have the log written as JSON', 'Obj\x01'],
    ['bzip2 is not read: pack it as gzip or zstd', 'BZh91AY&SY'],
    ['xz is not read: pack it as gzip or zstd', '\xfd7zXZ\0'],
    ['a zip archive is not read: pack it as gzip or zstd', 'PK\x03\x04'],
    ['lz4 is not read: pack it as gzip or zstd', '\x04\x22\x4d\x18'],
    ['Snappy is not read: pack it as gzip or zstd', '\xff\x06\0\0sNaPpY'],
    ['UTF-16 is not read: write it as UTF-8', '\xff\xfe{\0'],
    // Hadoop's Snappy has lengths at its beginning, and no name
    ['neither gzip, zstd nor text, nor anything else that is known here', '\0\0\x10\0\0\0\x05\x40'],
  ])('%s', async (reason, head) => {
    for (const bytes of [Buffer.from(head, 'latin1'), gzipSync(Buffer.from(head, 'latin1'))]) {
      const { report } = await scanText(bytes);
      expect(report.fault?.reason).toBe(reason);
    }
  });

  test('zeros before a text are no fault', async () => {
    const { ids, report } = await scanText(Buffer.concat([Buffer.alloc(4_000), text]));
    expect(ids).toEqual(['one', 'two']);
    expect(report.fault).toBeUndefined();
  });

  test('nothing at all is no fault', async () => {
    const { report } = await scanChunks([]);
    expect(report).toMatchObject({ bytes: 0, records: 0 });
    expect(report.fault).toBeUndefined();
  });
});

function skippable(): Buffer {
  return Buffer.from([0x50, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3]);
}
