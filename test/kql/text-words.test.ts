import { expect, test } from 'vitest';
import { parseInstant } from '../../lambda/kql/date-expression.ts';
import { words } from '../../lambda/kql/text-words.ts';

test.each<[string, string[]]>([
  ['Kube.Admin', ['kube.admin']],
  ['system:node:ip-10', ['system:node:ip', '10']],
  ['1.25,7 x1.y', ['1.25,7', 'x1', 'y']],
  ['a. b .c d..e f.:g', ['a', 'b', 'c', 'd', 'e', 'f', 'g']],
  ['snake_case é\u0301t.étê', ['snake_case', 'é\u0301t.étê']],
  ['-', []],
])('the words of %j', (text, expected) => {
  expect(words(text)).toEqual(expected);
});

test.each([
  ['2026-01-01T', '2026-01-01T00:00:00Z'],
  ['2026-01-01TZ', '2026-01-01T00:00:00Z'],
  ['2026-01-01T+02:00', '2025-12-31T22:00:00Z'],
  ['2026-01-01T05', '2026-01-01T05:00:00Z'],
])('a date may end after each part of its time: %s', (text, instant) => {
  expect(parseInstant(text)).toBe(Date.parse(instant));
});
