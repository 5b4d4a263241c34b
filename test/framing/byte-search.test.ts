import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { windowBytes } from '../../lambda/framing/memory-layout.ts';
import { candidateSearch, createPrefilter } from '../../lambda/framing/prefilter.ts';
import type { SearchedText } from '../../lambda/framing/search-patterns.ts';
import { isCandidateAt } from './plain-search.ts';

const names = [
  'certificatesigningrequests',
  'clustertrustbundles',
  'pods',
  'exec',
  'kube.admin',
  'aaaa',
  'x-1',
  'a',
];
const literal: fc.Arbitrary<SearchedText> = fc
  .tuple(
    fc.oneof(
      fc.constantFrom(...names),
      fc.string({ unit: fc.constantFrom(...'abcduv-.:19'), minLength: 2, maxLength: 40 }),
    ),
    fc.boolean(),
  )
  .map(([text, isAnyCase]) => (isAnyCase ? { ignoreCase: text } : text));
const literals = fc.array(literal, { minLength: 1, maxLength: 30 });

/** Literals, whole and damaged, and what could hide them or looks as if. */
function bytesWith(searched: readonly SearchedText[]): fc.Arbitrary<Buffer> {
  const texts = searched.map((text) => (typeof text === 'string' ? text : text.ignoreCase));
  const piece = fc.oneof(
    fc.constantFrom(...texts, ...texts.map((text) => text.toUpperCase())).map((text) => Buffer.from(text)),
    fc
      .constantFrom(...texts)
      .chain((text) => fc.nat(text.length).map((end) => Buffer.from(text.slice(0, end)))),
    fc
      .constantFrom(
        '\\u0061',
        '\\u005c',
        '\\u0041',
        '\\u00zz',
        '\\u00',
        '%61',
        '%2',
        '%',
        '\u212a',
        '\u0130',
        '\\u212A',
      )
      .map((text) => Buffer.from(text)),
    fc
      .string({ unit: fc.constantFrom(...'abcdefpqrstu%\\0123456789{}":,. \n') })
      .map((text) => Buffer.from(text)),
    fc.uint8Array({ maxLength: 20 }).map((bytes) => Buffer.from(bytes)),
  );
  return fc.array(piece, { maxLength: 12 }).map((pieces) => Buffer.concat(pieces));
}

const searchedBytes = literals.chain((searched) => fc.tuple(fc.constant(searched), bytesWith(searched)));

/** All candidates, each searched for from behind the one before. */
function allIn(search: (bytes: Buffer, from: number) => number, bytes: Buffer): number[] {
  const places: number[] = [];
  for (let at = search(bytes, 0); at >= 0; at = search(bytes, at + 1)) places.push(at);
  return places;
}

function expectedIn(searched: readonly SearchedText[], bytes: Buffer): number[] {
  return [...bytes.keys()].filter((at) => isCandidateAt(searched, bytes, at));
}

describe('the search in WebAssembly finds what a plain comparison at each place finds', () => {
  test('in any bytes, for any literals', () => {
    let found = 0;
    fc.assert(
      fc.property(searchedBytes, ([searched, bytes]) => {
        const expected = expectedIn(searched, bytes);
        found += expected.length;
        expect(allIn(candidateSearch(searched), bytes)).toEqual(expected);
      }),
      { numRuns: 2_000 },
    );
    expect(found).toBeGreaterThan(1_000);
  });

  test('at any place, with and without the bytes around it', () => {
    const around = fc.tuple(fc.nat(70), fc.nat(70), fc.constantFrom(...' a\\%\0'));
    fc.assert(
      fc.property(literal, around, fc.nat(70), (searched, [before, behind, filler], cut) => {
        const text = typeof searched === 'string' ? searched : searched.ignoreCase;
        const all = Buffer.concat([
          Buffer.alloc(before, filler),
          Buffer.from(text),
          Buffer.alloc(behind, filler),
        ]);
        // a search that ends with these bytes knows nothing of those that the one before left in the memory
        const search = candidateSearch([searched]);
        for (const bytes of [all, all.subarray(0, Math.max(0, all.length - cut)), all.subarray(cut)])
          expect(allIn(search, bytes)).toEqual(expectedIn([searched], bytes));
      }),
      { numRuns: 1_000 },
    );
  });

  test.each([0, windowBytes, 2 * windowBytes])('where a window begins, at %i', (border) => {
    const searched = ['certificatesigningrequests', { ignoreCase: 'kube.admin' }, 'aaaa'];
    const hidden = [...searched.slice(0, 1), 'KUBE.Admin', 'aaaaaaa', '\\u0063ert', '%63ert', '\u212a'];
    for (const text of hidden.map(String))
      for (let at = Math.max(0, border - 40); at <= border + 17; at += 1) {
        const bytes = Buffer.alloc(border + 100, ' ');
        bytes.write(text, at);
        const expected = expectedIn(searched, bytes.subarray(at)).map((place) => at + place);
        expect({ text, at, found: allIn(candidateSearch(searched), bytes) }).toEqual({
          text,
          at,
          found: expected,
        });
        const { nextCandidate, survey } = createPrefilter(searched);
        survey(bytes);
        expect(allIn(nextCandidate, bytes)).toEqual(expected);
      }
  });

  test('if there are more hits than their list holds', () => {
    const bytes = Buffer.from('%61'.repeat(30_000));
    expect(allIn(candidateSearch(['abcd', 'xaxa']), bytes)).toEqual(
      Array.from({ length: 30_000 }, (_, index) => 3 * index),
    );
    const same = Buffer.alloc(20_000, 'a');
    expect(allIn(candidateSearch(['aaaa', 'aaaaa']), same)).toHaveLength(19_997);
  });

  test('for 500 literals, and for those of a smaller search again', () => {
    const many = Array.from(
      { length: 500 },
      (_, index) => `system:node:ip-10-0-${index}.${'ec2.internal'.repeat(5)}`,
    );
    const bytes = Buffer.from(many.join('"'));
    expect(allIn(candidateSearch(many), bytes)).toHaveLength(500);
    expect(allIn(candidateSearch(['node:ip-10-0-499.']), bytes)).toEqual([
      bytes.indexOf('node:ip-10-0-499.'),
    ]);
  });
});

test('a literal of 1,000 bytes is found wherever it is, and by its beginning alone', () => {
  const long = 'abcdefghij'.repeat(100);
  const bytes = Buffer.concat([Buffer.alloc(windowBytes - 500, '.'), Buffer.from(long)]);
  expect(candidateSearch([long])(bytes, 0)).toBe(windowBytes - 500);
});

describe('a survey of a chunk', () => {
  const { survey } = createPrefilter(['pods']);

  test.each([0, 1, 15, 16, windowBytes - 1, windowBytes, windowBytes + 1])('finds at %i', (at) => {
    const chunk = (bytes: readonly number[]) =>
      Buffer.concat([Buffer.alloc(at, 'x'), Buffer.from(bytes), Buffer.from('pods')]);
    expect(survey(chunk([0])).hasNul).toBe(true);
    expect(survey(chunk([0x1f, 0x8b, 8])).packed).toEqual({ kind: 'gzip', at });
    expect(survey(chunk([0x28, 0xb5, 0x2f, 0xfd])).packed).toEqual({ kind: 'zstd', at: at + 1 });
    expect(survey(chunk([0x1f, 0x8b, 9]))).toMatchObject({ hasNul: false, packed: undefined });
  });

  test('reads nothing behind its end', () => {
    survey(Buffer.from([0x41, 0x1f, 0x8b, 8, 0]));
    expect(survey(Buffer.from([0x41]))).toMatchObject({ hasNul: false, packed: undefined });
    expect(survey(Buffer.from([0x41, 0x1f, 0x8b]))).toMatchObject({ packed: undefined });
  });
});
