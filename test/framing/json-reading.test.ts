import { expect, test } from 'vitest';
import { JsonReader } from '../../lambda/framing/json-reader.ts';

test.each<[string, number, string]>([
  ['{"a":"x\ny"}', 7, 'a line ends inside a string'],
  ['{"a\n":1}', 3, 'a line ends inside a string'],
  ['{"a\u0001":1}', 3, 'a control character inside a string'],
  ['{"a":x"y"}', 6, 'a string where none may be'],
  ['{"a":1 2}', 7, 'a value or a word where none may be'],
  ['{"a":1{', 6, 'a document begins before this one ended'],
  ['{"a"{', 4, 'a document begins before this one ended'],
  ['{]', 1, 'a bracket closes what is not open'],
  ['{:', 1, 'a byte that no JSON has there'],
  ['{"a":\u0001}', 5, 'a byte that no JSON has there'],
  ['['.repeat(20_001), 20_000, 'nested deeper than 20000 levels'],
  ['{"a":'.repeat(20_001), 100_000, 'nested deeper than 20000 levels'],
])('%j is no document', (text, at, reason) => {
  expect(begun().read(Buffer.from(text), 0)).toEqual({ kind: 'fault', at, reason });
});

/** What is complete, the open brackets, their keys, and the lists directly in the document. */
test.each<[string, number, string, string[], number[]]>([
  ['{"a":1', 1, '{', ['"a"'], []],
  ['{"a":[1,{"b":"x', 9, '{[{', ['"a"', '', '"b"'], [5]],
  ['{"a":{"b":[true,false', 15, '{{[', ['"a"', '"b"', ''], []],
  ['{"a":[[1],[2]],"c":[3],"d":0,"e":[', 34, '{[', ['"e"', ''], [5, 19, 33]],
])('%j is open', (text, completeTo, brackets, keys, lists) => {
  const reader = begun();
  const bytes = Buffer.from(text);
  expect(reader.read(bytes, 0)).toEqual({ kind: 'open' });
  expect(`${Buffer.from(reader.brackets)}`).toBe(brackets);
  const open = keys.map((key, level) => (key ? level : -1)).filter((level) => level >= 0);
  const key = (level: number) => text.slice(reader.keys[2 * level], reader.keys[2 * level + 1]);
  expect(open.map(key)).toEqual(keys.filter(Boolean));
  expect(reader.keys).toHaveLength(2 * brackets.length);
  expect({ completeTo: reader.completeTo, lists: reader.listsAt }).toEqual({ completeTo, lists });
  const isInText = text.endsWith('x');
  expect({ isInText: reader.isInText, isInMember: reader.isInMember }).toEqual({
    isInText,
    isInMember: !text.endsWith('['),
  });
  // other documents are read in between
  begun().read(Buffer.from('[{"x":[{"y":1'), 0);
  const closing = brackets.replaceAll('[', ']').replaceAll('{', '}').split('').reverse().join('');
  const rest = `${isInText ? '"' : ''}${closing}`;
  expect(reader.read(Buffer.from(`${text}${rest}`), text.length)).toEqual({
    kind: 'ended',
    at: text.length + rest.length,
  });
});

test.each([
  ['{"a":"x"', false, false],
  ['{"a":"x', true, true],
  ['{"a"', false, true],
  ['{"a":', false, true],
  ['{"a', false, false],
  ['{', false, false],
])('what %j is in', (text, isInText, isInMember) => {
  const reader = begun();
  reader.read(Buffer.from(text), 0);
  expect([reader.isInText, reader.isInMember]).toEqual([isInText, isInMember]);
});

test.each([
  ['{', -1],
  ['[1', -1],
  ['["a",{"b"', 6],
])('the last string in %j', (text, at) => {
  const reader = begun();
  reader.read(Buffer.from(text), 0);
  expect(reader.stringAt).toBe(at);
});

test('documents are skipped up to the limit, and up to one that is too long', () => {
  const one = `{"a":"${'x'.repeat(12_000)}"}`;
  const bytes = Buffer.from(`--${one},${one}\n${one}${one}{"b":`);
  const ends = [0, 1, 2, 3].map((index) => 2 + (index + 1) * one.length + Math.min(index, 2));
  const skip = (limit: number, maxBytes = 20_000) => begun().skip(bytes, 2, limit, maxBytes);
  expect(skip(bytes.length)).toBe(ends[3]);
  for (const end of ends) expect([skip(end), skip(end + 1)]).toEqual([end, end]);
  expect(skip((ends[2] ?? 0) - 1)).toBe(ends[1]);
  expect([skip((ends[0] ?? 0) - 1), skip(2), skip(bytes.length, 12_007)]).toEqual([2, 2, 2]);
  expect(skip(bytes.length, 12_008)).toBe(ends[3]);
});

test('a reader that skipped and another that read do not take the bytes of each other', () => {
  const [one, two] = [Buffer.from('{"a":1}{"b":2}[1'), Buffer.from('["x","y"]     {"c":3}')];
  const [reader, other] = [begun(), begun()];
  expect(reader.skip(one, 0, one.length, 100)).toBe(14);
  expect(other.read(two, 0)).toEqual({ kind: 'ended', at: 9 });
  expect(reader.skip(one, 7, one.length, 100)).toBe(14);
  expect(other.skip(two, 14, two.length, 100)).toBe(21);
  expect(reader.skip(two, 14, two.length, 100)).toBe(21);
  expect(reader.skip(one, 0, 8, 100)).toBe(7);
});

function begun(): JsonReader {
  const reader = new JsonReader();
  reader.begin();
  return reader;
}
