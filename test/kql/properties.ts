import fc from 'fast-check';
import { candidateSearch } from '../../lambda/framing/prefilter.ts';
import type { compile } from '../../lambda/kql/compile.ts';
import type { filterPattern } from '../../lambda/kql/filter-pattern.ts';
import type { literals } from '../../lambda/kql/literals.ts';
import { print } from '../../lambda/kql/print.ts';
import type { FieldType } from '../../lambda/kql/schema.ts';
import type { Query } from '../../lambda/kql/tree.ts';
import { queriesOf, termsOver, values } from './arbitraries.ts';
import { deliveredBy } from './cloudwatch-pattern.ts';
import { type Flat, flatSchema } from './documents.ts';
import { interpret } from './interpreter.ts';
import { spellings } from './spellings.ts';

/** The language as it is, or a mutant of it. */
export interface Language {
  readonly compile: typeof compile;
  readonly literals: typeof literals;
  readonly filterPattern: typeof filterPattern;
}

const fields = {
  a: 'keyword',
  b: 'keyword',
  text: 'text',
  integer: 'integer',
  boolean: 'boolean',
  date: 'date',
  ip: 'ip',
} as const;
const typeOf = (name: string): FieldType =>
  Object.entries(fields).find(([field]) => field === name)?.[1] ?? 'keyword';

const patterns = [
  ['', ''],
  ['', 't', ''],
  ['i', ''],
];
export const query: fc.Arbitrary<Query> = queriesOf(termsOver(fields, patterns));
/** Something is derived from keywords alone. */
const derivable = queriesOf(termsOver({ a: 'keyword', b: 'keyword', text: 'text' }, patterns));
const document: fc.Arbitrary<Flat> = fc.record(
  Object.fromEntries(
    Object.entries(fields).map(([name, type]) => [
      name,
      fc.array(fc.constantFrom(...values[type]), { maxLength: 2 }),
    ]),
  ),
);

/** The compiled predicate agrees with the plain interpreter. */
export const agreement = ({ compile }: Pick<Language, 'compile'>) =>
  fc.property(query, document, (tree, found) => {
    const compiled = compile(print(tree), flatSchema);
    return compiled.ok && compiled.matches(found) === interpret(tree, found, typeOf);
  });

/** No document that a query matches is dropped by the literals or by the pattern. */
export const soundness = ({ literals, filterPattern }: Pick<Language, 'literals' | 'filterPattern'>) =>
  fc.property(
    fc.array(derivable, { minLength: 1, maxLength: 3, size: 'xsmall' }),
    document,
    (trees, found) => {
      const scalars = Object.fromEntries(
        Object.entries(found).flatMap(([name, [value]]) => (value === undefined ? [] : [[name, value]])),
      );
      const flat = Object.fromEntries(Object.entries(scalars).map(([name, value]) => [name, [value]]));
      fc.pre(trees.some((tree) => interpret(tree, flat, typeOf)));
      const wanted = literals(trees, flatSchema);
      const isCandidate = (text: string) => candidateSearch(wanted)(Buffer.from(text), 0) >= 0;
      return spellings(scalars).every(isCandidate) && deliveredBy(filterPattern(trees, flatSchema), scalars);
    },
  );
