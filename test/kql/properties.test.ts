import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compile } from '../../lambda/kql/compile.ts';
import { filterPattern } from '../../lambda/kql/filter-pattern.ts';
import { needles } from '../../lambda/kql/needles.ts';
import { parse } from '../../lambda/kql/parse.ts';
import { print } from '../../lambda/kql/print.ts';
import { agreement, query, soundness } from './properties.ts';

const numRuns = 3_000;

const withoutOffsets = (tree: unknown) =>
  JSON.parse(JSON.stringify(tree, (key, value) => (key === 'offset' ? 0 : value)));

test('a printed query parses to the same tree', () => {
  fc.assert(
    fc.property(query, (tree) => {
      const parsed = parse(print(tree));
      expect(parsed.ok && withoutOffsets(parsed.query)).toEqual(withoutOffsets(tree));
    }),
    { numRuns },
  );
});

test('the compiled predicate agrees with the plain interpreter', () => {
  fc.assert(agreement({ compile }), { numRuns });
});

test('no document that matches is dropped by the needles or by the pattern', () => {
  fc.assert(soundness({ needles, filterPattern }), { numRuns });
});
