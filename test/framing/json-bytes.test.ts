import { expect, test } from 'vitest';
import { beginsKey, classes, isBlank, trimEnd } from '../../lambda/framing/json-bytes.ts';

const all = Array.from({ length: 256 }, (_, byte) => byte);
const character = (byte: number) => String.fromCharCode(byte);

test('a key begins with a letter, an underscore or an at sign', () => {
  expect(all.filter(beginsKey).map(character).join('')).toBe(
    '@ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz',
  );
  expect(beginsKey(undefined)).toBe(false);
});

test('white space and control characters are blank', () => {
  expect(all.filter(isBlank)).toEqual(all.slice(0, 33));
  expect(isBlank(undefined)).toBe(false);
});

test('each byte has a class', () => {
  const of = (kind: number) =>
    all
      .filter((byte) => classes[byte] === kind)
      .map(character)
      .join('');
  expect([1, 2, 3, 4, 5].map(of)).toEqual(['\t\n\r ', '"', '[{', ']}', ',:']);
  expect(of(6)).toBe(
    all
      .slice(0, 32)
      .map(character)
      .filter((text) => !'\t\n\r'.includes(text))
      .join(''),
  );
  expect(classes).toHaveLength(256);
});

test.each([
  ['ab\r\n', 0, 4, 2],
  ['ab\n\r\n', 0, 5, 2],
  ['ab \t', 0, 4, 4],
  ['\n\n', 0, 2, 0],
  ['\n\n\n', 2, 3, 2],
  ['\n\n\n', 2, 2, 2],
  ['a\nb\n', 0, 3, 3],
])('%j from %i to %i ends at %i without the end of the line', (text, from, to, expected) => {
  expect(trimEnd(Buffer.from(text), from, to)).toBe(expected);
});
