import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compile } from '../../lambda/kql/compile.ts';
import { filterPattern } from '../../lambda/kql/filter-pattern.ts';
import { needles } from '../../lambda/kql/needles.ts';
import { parse } from '../../lambda/kql/parse.ts';
import { print } from '../../lambda/kql/print.ts';
import type { Literal, Name, Query } from '../../lambda/kql/tree.ts';
import { deliveredBy } from './cloudwatch-pattern.ts';
import { type Flat, flatSchema } from './documents.ts';
import { interpret } from './interpreter.ts';

const numRuns = 2_000;
const words = [
  'x',
  'verb',
  'create',
  'system:node:',
  'or',
  'not',
  'a b',
  '12',
  'true',
  'null',
  '\u00a0',
  'ä',
  '\\',
  '"',
  '*',
  '',
];
const word = fc.oneof(
  fc.constantFrom(...words),
  fc.string({ unit: fc.constantFrom('a', '*', ' ', ':', '\\', '\n') }),
);
const offset = 0;

/** Trees that the parser can give: an unquoted text is trimmed, not empty, and none of the typed words. */
const literal: fc.Arbitrary<Literal> = fc.oneof(
  word.map((text): Literal => ({ kind: 'text', text, quoted: true, offset })),
  word
    .filter((text) => text.trim() === text && text !== '' && !['true', 'false', 'null'].includes(text))
    .map((text): Literal => ({ kind: 'text', text, quoted: false, offset })),
  fc
    .array(fc.constantFrom('', 'x', 'ver', 'create', ':'), { minLength: 2, maxLength: 3 })
    .map((parts): Literal => ({ kind: 'wildcard', parts, offset })),
  fc.constantFrom<Literal>({ kind: 'boolean', value: true, offset }, { kind: 'null', offset }),
);
const name: fc.Arbitrary<Name> = fc.oneof(
  fc.constantFrom('a', 'b').map((text): Name => ({ kind: 'text', text, quoted: false, offset })),
  fc.constant<Name>({ kind: 'wildcard', parts: ['', ''], offset }),
);
const operator = fc.constantFrom('>' as const, '>=' as const, '<' as const, '<=' as const);
const { query } = fc.letrec<{ query: Query; chain: Query; leaf: Query }>((tie) => ({
  query: fc.oneof({ depthSize: 'small' }, tie('leaf'), tie('chain')),
  leaf: fc.oneof(
    fc.record({ kind: fc.constant('is' as const), field: fc.option(name), value: literal }),
    fc.record({
      kind: fc.constant('range' as const),
      field: fc.constant<Name>({ kind: 'text', text: 'a', quoted: false, offset }),
      operator,
      value: fc.constant<Literal>({ kind: 'text', text: 'm', quoted: false, offset }),
    }),
  ),
  chain: fc.oneof(
    fc.record({ kind: fc.constant('not' as const), child: tie('query') }),
    fc.record({
      kind: fc.constantFrom('or' as const, 'and' as const),
      children: fc.array(tie('query'), { minLength: 2, maxLength: 3 }),
    }),
  ),
}));
const document: fc.Arbitrary<Flat> = fc.dictionary(
  fc.constantFrom('a', 'b'),
  fc.array(
    fc.oneof(fc.constantFrom(...words.filter((text) => text !== '')), fc.constantFrom('verbcreate', 'xx')),
    {
      minLength: 1,
      maxLength: 2,
    },
  ),
);

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
  fc.assert(
    fc.property(query, document, (tree, found) => {
      const compiled = compile(print(tree), flatSchema);
      expect(compiled.ok && compiled.matches(found)).toBe(interpret(tree, found));
    }),
    { numRuns },
  );
});

test('the plain interpreter catches a compiler that takes or for and', () => {
  const mutant = (tree: Query): Query =>
    tree.kind === 'or' || tree.kind === 'and'
      ? { kind: 'and', children: tree.children.map(mutant) }
      : tree.kind === 'not'
        ? { kind: 'not', child: mutant(tree.child) }
        : tree;
  const check = fc.check(
    fc.property(query, document, (tree, found) => {
      const compiled = compile(print(mutant(tree)), flatSchema);
      return compiled.ok && compiled.matches(found) === interpret(tree, found);
    }),
    { numRuns },
  );
  expect(check.failed).toBe(true);
});

test('no document that matches is dropped by the needles or by the pattern', () => {
  fc.assert(
    fc.property(fc.array(query, { minLength: 1, maxLength: 3 }), document, (trees, found) => {
      const scalars = Object.fromEntries(Object.entries(found).map(([key, [value]]) => [key, value]));
      const flat = Object.fromEntries(Object.entries(scalars).map(([key, value]) => [key, [value]]));
      fc.pre(trees.some((tree) => interpret(tree, flat)));
      const wanted = needles(trees, flatSchema);
      const text = JSON.stringify(scalars);
      expect(wanted === null || wanted.some((needle) => text.includes(needle))).toBe(true);
      expect(deliveredBy(filterPattern(trees, flatSchema), scalars)).toBe(true);
    }),
    { numRuns },
  );
});
