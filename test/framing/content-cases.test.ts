import { expect, test } from 'vitest';
import { contentOf } from '../../lambda/framing/content-kind.ts';
import { isTextHead } from '../../lambda/framing/text-head.ts';

const asJson = 'have the log written as JSON';
const repack = 'compress it with gzip or zstd';
const noText = 'the bytes are not text, nor of a kind that is known here';
const latin1 = (text: string) => Buffer.from(text, 'latin1');

function shown(head: string): string {
  const content = contentOf(latin1(head));
  return 'reason' in content ? `${content.kind}: ${content.reason}` : content.kind;
}

/** The first bytes, what they are, and what they are behind a letter. */
const cases: readonly [head: string, kind: string, behind?: string][] = [
  ['\x1f\x8b', 'gzip'],
  ['\x28\xb5\x2f\xfd', 'zstd'],
  ['\x50\x2a\x4d\x18', 'zstd'],
  ['\x5f\x2a\x4d\x18', 'zstd'],
  ['\x60\x2a\x4d\x18', `refused: ${noText}`],
  ['PAR1', `refused: Parquet is not read: ${asJson}`, 'text'],
  ['ORC', `refused: ORC is not read: ${asJson}`, 'text'],
  ['Obj\x01', `refused: Avro is not read: ${asJson}`],
  ['BZh91AY&SY', `refused: bzip2 is not read: ${repack}`, 'text'],
  ['BZhx1AY&SY', 'text', 'text'],
  ['\xfd7zXZ\0', `refused: xz is not read: ${repack}`],
  ['7z\xbc\xaf\x27\x1c', `refused: 7z is not read: ${repack}`],
  ['PK\x03\x04', `refused: a zip archive is not read: ${repack}`],
  ['\x04\x22\x4d\x18', `refused: lz4 is not read: ${repack}`],
  ['\x02\x21\x4c\x18', `refused: lz4 is not read: ${repack}`],
  ['\xff\x06\0\0sNaPpY', `refused: Snappy is not read: ${repack}`],
  ['\x1f\x9d', `refused: compress (.Z) is not read: ${repack}`],
  ['LZIP\x01', `refused: lzip is not read: ${repack}`],
  ['\xff\xfe', 'refused: UTF-16 is not read: write it as UTF-8'],
  ['\xfe\xff', 'refused: UTF-16 is not read: write it as UTF-8'],
  ['A-_+/z9'.repeat(9), 'refused: base64 is not read: decode it', 'refused: base64 is not read: decode it'],
  [
    `${'A'.repeat(60)}==\r\nAA=`,
    'refused: base64 is not read: decode it',
    'refused: base64 is not read: decode it',
  ],
  ['A'.repeat(58), 'text', 'text'],
  [`${'A'.repeat(60)} `, 'text', 'text'],
  ['='.repeat(70), 'text', 'text'],
  [` ${'A'.repeat(60)}`, 'text', 'text'],
  ['\x78\x01\0\0\0\0', `refused: zlib is not read: ${repack}`],
  ['\x78\x5e\x01\x01', `refused: zlib is not read: ${repack}`],
  ['\x78\xda\x01', `refused: zlib is not read: ${repack}`],
  ['\x78\x02\x01\x01', `refused: ${noText}`],
  ['x^ is a text', 'text', 'text'],
  ['a\0b\0c\0d\0', 'refused: UTF-16 is not read: write it as UTF-8'],
  [
    '\0a\0b\0c\0d',
    'refused: UTF-16 is not read: write it as UTF-8',
    'refused: UTF-16 is not read: write it as UTF-8',
  ],
  ['a\0b\0c\0', `refused: ${noText}`],
  ['\0\0\0a\0b\0c', `refused: ${noText}`],
  ['{"a":1}', 'text', 'text'],
];

test.each(cases)('%j is recognized', (head: string, kind: string, behind?: string) => {
  expect([shown(head), shown(`y${head}`)]).toEqual([kind, behind ?? `refused: ${noText}`]);
});

test('a tar archive is recognized by its header', () => {
  const header = (at: number) => `${'a'.repeat(at)}ustar`;
  const reason = 'tar: a tar archive is not read: write each log as an object of its own';
  expect([256, 257, 258].map((at) => shown(header(at)))).toEqual([
    'refused: base64 is not read: decode it',
    reason,
    'refused: base64 is not read: decode it',
  ]);
});

test.each<[string, boolean]>([
  ['', true],
  ['{"a":1}\t\r\n\x0b\x0c\x1b', true],
  ['\x01', false],
  ['1234567\x01'.padEnd(200, 'x'), false],
  ['12345678\x01'.padEnd(200, 'x'), true],
  ['12345678\x0e\x1a'.padEnd(20, 'x'), true],
  ['12345678\x0e\x1a\x1c'.padEnd(20, 'x'), false],
  ['12345678\x1f\x08\x01'.padEnd(30, 'x'), true],
  ['12345678\xff\xfe\xff\xff'.padEnd(30, 'x'), false],
  ['\xef\xbf\xbd is what Go writes', true],
  ['\xa9\xa9\xa9{"a":1}', true],
  ['\xa9\xa9\xa9\xa9{"a":1}', false],
  ['{"a":"\xe2\x82', true],
  ['{"a":"\xf0\x9f\x98', true],
  ['{"a":"\xe2\x82"', false],
  ['{"\xa9":1}', false],
  ['\xc3\xa9t\xc3\xa9', true],
  ['\0\0\0\0{"a":1}', true],
  ['\0\0\0{"a":1}', false],
  ['\0{"a":1}', false],
])('%j as a text: %s', (head, expected) => {
  expect(isTextHead(latin1(head))).toBe(expected);
});
