import { describe, expect, test } from 'vitest';
import { windowBytes } from '../../lambda/framing/memory-layout.ts';
import { candidateSearch, createPrefilter } from '../../lambda/framing/prefilter.ts';
import type { SearchedText } from '../../lambda/framing/search-patterns.ts';
import { isCandidateAt } from './plain-search.ts';

/** All candidates, each searched for from behind the one before. */
function allIn(search: (bytes: Buffer, from: number) => number, bytes: Buffer): number[] {
  const places: number[] = [];
  for (let at = search(bytes, 0); at >= 0; at = search(bytes, at + 1)) places.push(at);
  return places;
}

const plain = (searched: readonly SearchedText[], bytes: Buffer) =>
  [...bytes.keys()].filter((at) => isCandidateAt(searched, bytes, at));

const lists: readonly (readonly [string, readonly SearchedText[]])[] = [
  ['one literal', ['pods']],
  ['a single byte', ['a']],
  ['many literals', ['pods', 'exec', 'csr', 'kube.admin', 'aaaa', 'x-1', 'serviceaccounts', 'zz', 'token']],
  ['literals that begin alike', ['clusterroles', 'clusterrolebindings', 'cluster', 'roles', 'er']],
  ['literals that overlap', ['ererererqz', 'rere', 'qz', 'erq']],
  ['a backslash', ['back\\\\slash', 'pods']],
  ['any case', [{ ignoreCase: 'kube.admin' }, { ignoreCase: 'az@[`{' }, 'Pods']],
  ['characters beside letters', [{ ignoreCase: 'a`{z' }, '[{@Z']],
];
const texts = [
  'pods exec csr KUBE.Admin kube.admin kube.admi aaaaaaa x-1 token zz podspods a',
  'clusterrolebindings clusterroles cluster_roles clusterrol er ererererqz',
  'AZ@[`{ az@[`{ aZ@[`{ a`{z A`{Z A`[Z [{@Z [{@z \u00e9t\u00e9 \u00c9t\u00e9 Pods pods PODS',
  'p\\u006fds \\u0070 \\u005c \\u004B \\u004b \\u00zz \\u0 \\u0141 %70ods %6f %2 %zz %4B %25 %5c %5C % \\',
  '\u212aube kube.adm\u0130n \\u212aube \\u212A \\u0130 \\u0131 \u0131',
  'po',
  'pod',
  's',
  'kube.admin',
  '\\u0070',
  '%7',
];

describe.each(lists)('%s', (_, list) => {
  test.each(texts)('in %j is where a comparison at each place finds it', (text) => {
    const bytes = Buffer.from(text);
    // what is compiled of a list is kept with it
    const searched = [...list];
    expect(allIn(candidateSearch(searched), bytes)).toEqual(plain(searched, bytes));
    // what the search before left in the memory is not read
    const cut = bytes.subarray(0, bytes.length - 1);
    expect(allIn(candidateSearch(searched), cut)).toEqual(plain(searched, cut));
    const search = candidateSearch(searched);
    const backwards = [...bytes.keys()].reverse().filter((at) => search(bytes, at) === at);
    expect(backwards.reverse()).toEqual(plain(searched, bytes));
    const { nextCandidate, survey } = createPrefilter(searched);
    expect(survey(bytes)).toMatchObject({ hasNul: false, packed: undefined });
    expect(allIn(nextCandidate, bytes)).toEqual(plain(searched, bytes));
  });
});

test.each([-9, -4, -3, -1, 0, 1])('a literal %i bytes from the border of a window is found', (shift) => {
  for (const [text, place] of [
    ['kube.admin', 0],
    ['\\u006bube', 0],
    ['%6Bube', 0],
    ['kube.admi', -1],
  ] as const) {
    const bytes = Buffer.alloc(windowBytes + 50, ' ');
    const at = windowBytes + shift;
    bytes.write(text, at);
    expect({ text, found: candidateSearch(['kube.admin'])(bytes, 0) }).toEqual({
      text,
      found: place < 0 ? -1 : at,
    });
    expect(candidateSearch(['kube.admin'])(bytes, at + 1)).toBe(-1);
  }
});

test('candidates in several windows are found from any place', () => {
  const bytes = Buffer.alloc(2 * windowBytes + 50, ' ');
  const places = [10, windowBytes + 20, windowBytes + 40];
  for (const at of places) bytes.write('kube.admin', at);
  const search = candidateSearch(['kube.admin']);
  const froms = [0, 11, windowBytes + 21, windowBytes + 41, windowBytes, 2 * windowBytes + 1, 0];
  const [first, second, third] = places;
  expect(froms.map((from) => search(bytes, from))).toEqual([first, second, third, -1, second, -1, first]);
});

test('of a long literal the first 256 bytes are compared', () => {
  const long = Array.from({ length: 60 }, (_, index) => `n${index}.`)
    .join('')
    .slice(0, 300)
    .padEnd(300, 'z');
  const search = candidateSearch([long]);
  expect(search(Buffer.from(` ${long}`), 0)).toBe(1);
  expect(search(Buffer.from(` ${long.slice(0, 256)}!`), 0)).toBe(1);
  expect(search(Buffer.from(` ${long.slice(0, 255)}!`), 0)).toBe(-1);
});

test('the memory grows with the program, and a smaller one works in it, too', () => {
  const many = (count: number) =>
    Array.from({ length: count }, (_, index) => `n${index}.${'ec2.internal'.repeat(8)}`);
  for (const count of [330, 2, 660]) {
    const all = many(count);
    const bytes = Buffer.from(`${all.slice(-3).join(' ')} ${all[0]}`);
    expect(allIn(candidateSearch(all), bytes)).toEqual(plain(all.slice(-3).concat(all[0] ?? ''), bytes));
  }
});

test('without literals every place is a candidate, up to the end', () => {
  const { nextCandidate, survey } = createPrefilter(null);
  const bytes = Buffer.from('ab');
  expect([0, 1, 2, 3].map((from) => nextCandidate(bytes, from))).toEqual([0, 1, -1, -1]);
  expect(survey(Buffer.from('a\0'))).toMatchObject({ hasNul: true });
  expect(candidateSearch([])(Buffer.from('pods %70 \\u0070 \\u005c'), 0)).toBe(16);
});

describe('a checked literal', () => {
  const checked = {
    text: 'AUDIT',
    isCandidate: (bytes: Buffer, at: number) => bytes[at + 5] === 0x21,
  };

  test('counts only where the check allows it', () => {
    const bytes = Buffer.from('AUDIT AUDIT! pods AUDIT');
    expect(allIn(createPrefilter(['pods'], checked).nextCandidate, bytes)).toEqual([6, 13]);
    expect(allIn(createPrefilter(['pods']).nextCandidate, bytes)).toEqual([13]);
  });

  test('alone is all that is searched for', () => {
    const bytes = Buffer.from('AUDIT AUDIT! \\u0041 %41 \\u005c');
    expect(allIn(createPrefilter([], checked).nextCandidate, bytes)).toEqual([6]);
    expect(allIn(createPrefilter(null, checked).nextCandidate, bytes)).toHaveLength(bytes.length);
  });
});

describe('a survey', () => {
  test.each<[string, readonly number[], object]>([
    ['NUL', [0x41, 0], { hasNul: true, packed: undefined }],
    ['gzip', [0x41, 0x1f, 0x8b, 8], { hasNul: false, packed: { kind: 'gzip', at: 1 } }],
    ['zstd', [0x41, 0x28, 0xb5, 0x2f, 0xfd], { hasNul: false, packed: { kind: 'zstd', at: 2 } }],
    ['zstd, gzip', [0xb5, 0x2f, 0xfd, 0x1f, 0x8b, 8], { packed: { kind: 'zstd', at: 0 } }],
    ['no gzip', [0x1f, 0x8b, 9, 0x1f, 0x8c, 8, 0x20, 0x8b, 8], { hasNul: false, packed: undefined }],
    ['no zstd', [0xb5, 0x2f, 0xfe, 0xb5, 0x30, 0xfd, 0xb6, 0x2f, 0xfd], { packed: undefined }],
    ['space', [0x20, 0x7f, 0x80, 0xff], { hasNul: false, packed: undefined }],
  ])('finds %s', (_, bytes, expected) => {
    const { survey } = createPrefilter(['pods']);
    expect(survey(Buffer.from(bytes))).toMatchObject(expected);
  });

  test('is remembered with its candidates, and not if it ended at a NUL', () => {
    const { survey, nextCandidate } = createPrefilter(['pods']);
    const one = Buffer.from('pods x pods');
    const two = Buffer.from('y pods');
    survey(one);
    survey(two);
    expect([nextCandidate(one, 1), nextCandidate(two, 0), nextCandidate(one, 0)]).toEqual([7, 2, 0]);
    const withNul = Buffer.concat([Buffer.alloc(windowBytes, 0), Buffer.from('pods')]);
    expect(survey(withNul).hasNul).toBe(true);
    expect(nextCandidate(withNul, 0)).toBe(windowBytes);
  });

  test('does not read what comes behind the bytes', () => {
    const { survey } = createPrefilter(['pods']);
    survey(Buffer.from([0x41, 0x1f, 0x8b, 8, 0]));
    expect(survey(Buffer.from([0x41]))).toMatchObject({ hasNul: false, packed: undefined });
    expect(survey(Buffer.from([0x41, 0x1f, 0x8b]))).toMatchObject({ packed: undefined });
  });
});
