import fc from 'fast-check';
import { candidateSearch } from '../../lambda/framing/prefilter.ts';
import type { compile } from '../../lambda/kql/compile.ts';
import type { prefilterLiterals } from '../../lambda/kql/literals.ts';
import { print } from '../../lambda/kql/print.ts';
import type { FieldType } from '../../lambda/kql/schema.ts';
import type { subscriptionFilter } from '../../lambda/kql/subscription-filter.ts';
import type { Query } from '../../lambda/kql/tree.ts';
import {
  nameOf,
  pieces,
  queriesOf,
  quoted,
  termsOver,
  unquoted,
  values,
  wildcardsFor,
} from './arbitraries.ts';
import { deliveredBy } from './cloudwatch-pattern.ts';
import { type Flat, flatSchema } from './documents.ts';
import { interpret } from './interpreter.ts';
import { canonicalSpellings, spellings } from './spellings.ts';

/** The language as it is, or a mutant of it. */
export interface Language {
  readonly compile: typeof compile;
  readonly prefilterLiterals: typeof prefilterLiterals;
  readonly subscriptionFilter: typeof subscriptionFilter;
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
const document: fc.Arbitrary<Flat> = fc.record(
  Object.fromEntries(
    Object.entries(fields).map(([name, type]) => [
      name,
      fc.array(fc.constantFrom(...values[type]), { maxLength: 2 }),
    ]),
  ),
);

/** Texts whose lower case contains ASCII letters that their bytes do not. */
const anyCaseTexts = fc
  .array(fc.constantFrom('Create', 'VERB', '\u212aube', 'adm\u0130n', '12345', ' ', '-', '.'), {
    minLength: 1,
    maxLength: 3,
  })
  .map((parts) => parts.join(''));

/** Documents with one value per field, made of pieces, so that literals are next to separators and to each other. */
const piecesDocument: fc.Arbitrary<Flat> = fc.record({
  a: pieces.map((value) => [value]),
  b: fc.oneof(pieces, fc.constantFrom(...values.keyword)).map((value) => [value]),
  text: fc.oneof(anyCaseTexts, fc.constantFrom(...values.text)).map((value) => [value]),
});
const otherTerm = termsOver({ a: 'keyword', b: 'keyword', text: 'text' }, patterns);

const anyCase = (text: string) => fc.constantFrom(text, text.toLowerCase(), text.toUpperCase());

/** A document, and queries of which many match it: their values are its values, whole or with a wildcard. */
const matchingQueries = piecesDocument.chain((found) => {
  const matching = fc.constantFrom(...Object.entries(found)).chain(([name, [value]]) =>
    fc
      .tuple(
        fc.constantFrom(nameOf(name), nameOf(name), null),
        anyCase(String(value)).chain((text) =>
          fc.oneof(fc.constant(quoted(text)), fc.constant(unquoted(text)), wildcardsFor(text)),
        ),
      )
      .map(([field, literal]): Query => ({ kind: 'is', field, value: literal })),
  );
  const term = fc.oneof({ weight: 8, arbitrary: matching }, otherTerm);
  const queries = fc.array(queriesOf(term), { minLength: 1, maxLength: 2, size: 'medium' });
  return fc.tuple(queries, fc.constant(found));
});

/** The compiled predicate agrees with the plain interpreter. */
export const agreement = ({ compile }: Pick<Language, 'compile'>) =>
  fc.property(query, document, (tree, found) => {
    const compiled = compile(print(tree), flatSchema);
    return compiled.ok && compiled.matches(found) === interpret(tree, found, typeOf);
  });

/** Neither the literals nor the filter drop a document that a query matches. */
export const soundness = ({
  prefilterLiterals,
  subscriptionFilter,
}: Pick<Language, 'prefilterLiterals' | 'subscriptionFilter'>) =>
  fc.property(matchingQueries, ([trees, found]) => {
    const scalars = Object.fromEntries(Object.entries(found).map(([name, [value]]) => [name, value]));
    fc.pre(trees.some((tree) => interpret(tree, found, typeOf)));
    const literals = prefilterLiterals(trees, flatSchema);
    if (literals === null) return true;
    const search = candidateSearch(
      literals.map(({ text, ignoreCase }) => (ignoreCase ? { ignoreCase: text } : text)),
    );
    const { pattern } = subscriptionFilter(literals);
    return (
      spellings(scalars).every((text) => search(Buffer.from(text), 0) >= 0) &&
      canonicalSpellings(scalars).every((text) => deliveredBy(pattern, text))
    );
  });
