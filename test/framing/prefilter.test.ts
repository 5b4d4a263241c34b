import { expect, test } from 'vitest';
import { candidateSearch } from '../../lambda/framing/prefilter.ts';

const search = candidateSearch(['exact.text', { ignoreCase: 'kube.admin' }]);

test.each([
  ['exact.text', 2],
  ['Exact.text', -1],
  ['kube.admin', 2],
  ['KUBE.Admin', 2],
  ['kubexadmin', -1],
  ['\u212aube.admin', 2],
  ['kube.adm\u0130n', 10],
  ['\\u212Aube.admin', 2],
  ['\\u212aube.admin', 2],
  ['kube.adm\\u0130n', 10],
  ['\\u004bube.admin', 2],
  ['%4Bube.admin', 2],
  ['kub\\u0021', -1],
])('in é%s the first candidate is at byte %i', (text, place) => {
  expect(search(Buffer.from(`é${text}`), 0)).toBe(place);
});

test('every candidate is found, from any place, in two buffers in turn', () => {
  const bytes = Buffer.from('KUBE.ADMIN exact.text kube.admin');
  expect([0, 1, 12, 23].map((from) => search(bytes, from))).toEqual([0, 11, 22, -1]);
  expect(search(Buffer.from('x kube.admin'), 0)).toBe(2);
});
