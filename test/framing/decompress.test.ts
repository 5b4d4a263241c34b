import { createHook } from 'node:async_hooks';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, onTestFinished, test } from 'vitest';
import { unpack } from '../../lambda/framing/decompress.ts';
import { event, lines, literal, scanChunks, scanText } from '../scan/scan-text.ts';

const two = [event('one'), event('two')];
const text = Buffer.from(lines(two));
const many = Buffer.from(
  lines(Array.from({ length: 3_000 }, (_, index) => event(`id-${index}-${Math.sin(index)}`))),
);
/** Every tenth of these is a candidate. */
const large = Buffer.from(
  lines(
    Array.from({ length: 15_000 }, (_, index) =>
      event(`id-${index}-${Math.sin(index)}`, index % 10 === 0 ? literal : 'pods'),
    ),
  ),
);
const idsIn = (text: string) =>
  [...text.matchAll(/"auditID":"([^"]+)".*\n/g)].filter(([one]) => one.includes(literal)).map(([, id]) => id);
/** A slice comes to about 400 kB of text, and a block of zstd to 128 KiB. */
const largestSlice = 600_000;
const pieces = (bytes: Buffer, size: number) =>
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
      const { ids, report } = await scanChunks(pieces(packed, size));
      expect({ size, ids, fault: report.fault }).toEqual({ size, ids: ['one', 'two'], fault: undefined });
    }
  });

  test('three times is refused', async () => {
    const { report } = await scanText(gzipSync(gzipSync(gzipSync(text))));
    expect(report.fault?.reason).toBe('packed more than 2 times');
  });

  test('twice and cut off is read up to the cut', async () => {
    const packed = gzipSync(gzipSync(many));
    const { ids, report } = await scanText(packed.subarray(0, packed.length / 2));
    expect(ids.length).toBeGreaterThan(1_000);
    expect(report.fault?.reason).toBe('gzip: unexpected end of file');
  });

  test.each<[string, (bytes: Buffer) => Buffer]>([
    ['gzip', gzipSync],
    ['zstd', zstdCompressSync],
  ])('as %s and corrupt in its middle is read up to the slice before', async (kind, pack) => {
    const packed = pack(large);
    for (const [part, size] of [
      [0.5, 5_000],
      [0.9, packed.length],
    ] as const) {
      const at = Math.floor(packed.length * part);
      const corrupt = Buffer.concat([
        packed.subarray(0, at),
        Buffer.alloc(400, 0xff),
        packed.subarray(at + 400),
      ]);
      const { ids, report } = await scanChunks(pieces(corrupt, size));
      const before = large.toString('utf8', 0, large.length * part * 0.98 - largestSlice);
      const wanted = idsIn(before);
      expect(wanted.length).toBeGreaterThan(100);
      expect(ids.slice(0, wanted.length)).toEqual(wanted);
      expect(report.fault?.reason).toContain(kind);
    }
  });

  test('and whose checksum is wrong is read up to its last slice', async () => {
    const packed = gzipSync(large);
    packed[packed.length - 8] = (packed[packed.length - 8] ?? 0) ^ 1;
    const { ids, report } = await scanText(packed);
    const wanted = idsIn(large.toString('utf8', 0, large.length - largestSlice));
    expect(ids.slice(0, wanted.length)).toEqual(wanted);
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

describe('no decompressor stays open', () => {
  const frames = Buffer.concat(Array.from({ length: 50 }, () => zstdCompressSync(text)));
  test.each<[string, Buffer, string | undefined]>([
    ['at the end', gzipSync(text), undefined],
    ['after 50 zstd frames', frames, undefined],
    ['of an object that was packed twice', gzipSync(frames), undefined],
    ['after a fault', gzipSync(many).subarray(0, -20), 'gzip: unexpected end of file'],
    ['after corrupt bytes', Buffer.concat([gzipSync(text).subarray(0, 30), Buffer.alloc(400, 0xff)]), 'gzip'],
    ['of what is refused', gzipSync('PAR1'), 'Parquet'],
    ['of what is packed three times', gzipSync(gzipSync(gzipSync(text))), 'packed more than 2 times'],
    ['of a bomb', gzipSync(gzipSync(Buffer.alloc(70 * 2 ** 20))), 'expands'],
  ])('%s', async (_, packed, reason) => {
    const handles = countingHandles();
    const { report } = await scanChunks(pieces(packed, 65_536));
    expect(report.fault?.reason ?? '').toContain(reason ?? '');
    await expect.poll(handles.open).toBe(0);
    expect(handles.opened()).toBeGreaterThan(0);
  });

  test.each<[string, Buffer]>([
    ['gzip', gzipSync(many)],
    ['zstd', zstdCompressSync(many)],
    ['zstd frames in gzip', gzipSync(frames)],
  ])('of %s if the scan stops early, and the source is closed', async (_, packed) => {
    const handles = countingHandles();
    let isClosed = false;
    async function* source() {
      try {
        yield* pieces(packed, 100);
      } finally {
        isClosed = true;
      }
    }
    for await (const chunk of unpack(source(), async () => {})) if (chunk.length > 0) break;
    expect(isClosed).toBe(true);
    await expect.poll(handles.open).toBe(0);
    expect(handles.opened()).toBeGreaterThan(0);
  });
});

/** Counts the handles of zlib, which hold memory outside of the heap until they are closed. */
function countingHandles() {
  let opened = 0;
  let closed = 0;
  const hook = createHook({
    init(_, type, __, handle: { close?: () => void }) {
      if (type !== 'ZLIB') return;
      opened += 1;
      const close = handle.close?.bind(handle);
      handle.close = () => {
        closed += 1;
        close?.();
      };
    },
  }).enable();
  onTestFinished(() => void hook.disable());
  return { opened: () => opened, open: () => opened - closed };
}

describe('what is no text', () => {
  test.each<[string, string]>([
    ['Parquet is not read: have the log written as JSON', 'PAR1\x15'],
    ['ORC is not read: have the log written as JSON', 'ORC\n'],
    ['Avro is not read: have the log written as JSON', 'Obj\x01'],
    ['bzip2 is not read: compress it with gzip or zstd', 'BZh91AY&SY'],
    ['xz is not read: compress it with gzip or zstd', '\xfd7zXZ\0'],
    ['a zip archive is not read: compress it with gzip or zstd', 'PK\x03\x04'],
    ['lz4 is not read: compress it with gzip or zstd', '\x04\x22\x4d\x18'],
    ['Snappy is not read: compress it with gzip or zstd', '\xff\x06\0\0sNaPpY'],
    ['UTF-16 is not read: write it as UTF-8', '\xff\xfe{\0'],
    // Hadoop's Snappy has lengths at its beginning, and no name
    ['the bytes are not text, nor of a kind that is known here', '\0\0\x10\0\0\0\x05\x40'],
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
