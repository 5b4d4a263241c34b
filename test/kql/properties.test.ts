import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compile } from '../../lambda/kql/compile.ts';
import { prefilterLiterals } from '../../lambda/kql/literals.ts';
import { parse } from '../../lambda/kql/parse.ts';
import { print } from '../../lambda/kql/print.ts';
import { subscriptionFilter } from '../../lambda/kql/subscription-filter.ts';
import { draw } from './draw.ts';
import { agreement, query, soundness } from './properties.ts';
import { readAgain } from './second-reading.ts';

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

test('neither the literals nor the filter drop a document that matches', () => {
  fc.assert(soundness({ prefilterLiterals, subscriptionFilter }), { numRuns });
});

/** Parts of queries, and texts that resemble them. */
const piece = fc.constantFrom(
  ...[
    'a',
    'f:',
    ':',
    '(',
    ')',
    '{',
    '}',
    ' }',
    'f:{',
    '(a or b)',
    'f:(x and not y)',
    'f > 5',
    '<',
    '>=',
    '*',
  ],
  ...[
    ' ',
    '  ',
    '\u00a0',
    '\u3000',
    '\n',
    ' or ',
    ' and ',
    'not ',
    ' not',
    'or',
    'and',
    'not',
    'NOT ',
    ' Or ',
  ],
  ...[
    '"',
    '\\',
    '\\n',
    '\\not',
    '\\and',
    '\\u0041',
    '\\u0020',
    '\\U0041',
    '\\u',
    '\\*',
    '\\"',
    'true',
    'null',
  ],
);

test('the parser accepts what the grammar accepts, with the same tree, and rejects the rest', () => {
  const text = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(''));
  fc.assert(
    fc.property(text, (query) => {
      const parsed = parse(query);
      expect(parsed.ok ? draw(parsed.query) : undefined).toBe(readAgain(query));
    }),
    { numRuns: 10_000 },
  );
});
