import { expect, test } from 'vitest';
import { namesField } from '../../lambda/kql/names-field.ts';
import { parse } from '../../lambda/kql/parse.ts';

test.each([
  ['', false],
  ['a.b:1', false],
  ['a.b:1 and not (c:2 or subject.name:x)', true],
  ['subject.name < "x"', true],
  ['subject.name:{ a:1 }', true],
  ['subjects.name:x', false],
  ['sub*:x', false],
  ['x', false],
])('whether %j names a field below subject.', (query, expected) => {
  const parsed = parse(query);
  expect(parsed.ok && namesField(parsed.query, 'subject.')).toBe(expected);
});
