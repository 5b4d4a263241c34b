import fc from 'fast-check';
import type { FieldType } from '../../lambda/kql/schema.ts';
import type { Literal, Name, Query } from '../../lambda/kql/tree.ts';

const offset = 0;

/** Words that a grammar could trip over. */
const words = [
  ...['x', 'verb', 'create', 'system:node:', 'or', 'not', 'a b', '12', 'true', 'null'],
  ...['12345', 'say "hi"', '\u00a0', 'ä', '\\', '"', '*', ''],
];
const word = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...words) },
  fc.string({ unit: fc.constantFrom('a', '*', ' ', ':', '\\', '\n') }),
);

export const quoted = (text: string): Literal => ({ kind: 'text', text, quoted: true, offset });
export const unquoted = (text: string): Literal => ({ kind: 'text', text, quoted: false, offset });
const wildcard = (...parts: string[]): Literal => ({ kind: 'wildcard', parts, offset });
const spelt = (text: string) => fc.constantFrom(quoted(text), unquoted(text));

/** Literals that the parser can give: an unquoted text is trimmed, not empty, and none of the typed words. */
const anyLiteral: fc.Arbitrary<Literal> = fc.oneof(
  word.map(quoted),
  word
    .filter((text) => text.trim() === text && text !== '' && !['true', 'false', 'null'].includes(text))
    .map(unquoted),
  fc
    .array(fc.constantFrom('', 'x', 'ver'), { minLength: 2, maxLength: 3 })
    .map((parts) => wildcard(...parts)),
  fc.constantFrom<Literal>({ kind: 'boolean', value: true, offset }, { kind: 'null', offset }),
);

/** Texts of words and of characters that end a word or do not. */
export const pieces = fc
  .array(fc.constantFrom('create', 'verb', 'update', 'x', '@', '/', '"', '\n', '_'), {
    minLength: 1,
    maxLength: 3,
  })
  .map((parts) => parts.join(''));

/** Patterns that match a text: a part of it is replaced by a star. */
export function wildcardsFor(text: string): fc.Arbitrary<Literal> {
  const place = fc.nat(text.length);
  return fc.tuple(place, place).map(([from, to]) => {
    const [start, end] = from < to ? [from, to] : [to, from];
    return wildcard(text.slice(0, start), text.slice(end));
  });
}

/** Texts, quoted or not. */
export const oneOf = (...texts: string[]) => fc.constantFrom(...texts).chain(spelt);

export type ValueType = Exclude<FieldType, 'nested' | 'object'>;

/** Literals that each type can read. */
const literals: Readonly<Record<ValueType, fc.Arbitrary<Literal>>> = {
  keyword: anyLiteral,
  text: fc.oneof(
    oneOf('system:masters', 'the System', 'masters', 'system masters', '-'),
    fc.constantFrom(wildcard('SYS', ''), wildcard('', 'ters'), wildcard('the s', '')),
  ),
  integer: oneOf('200', '201', '404', '-1', '200.5', '200.0'),
  boolean: fc.constantFrom<Literal>(
    quoted('true'),
    quoted('false'),
    { kind: 'boolean', value: true, offset },
    { kind: 'boolean', value: false, offset },
  ),
  date: oneOf('2026', '2026-01', '2026-01-02', '2026-01-02T03', '2026-01-02T03:04', '2026-01-02T03:04:05'),
  ip: oneOf('10.0.0.1', '10.0.0.0/8', '10.1.2.3/30', '2001:db8::/32', '::1', '0.0.0.0/0'),
};
/** Of ranges, where they are others. */
const bounds: Partial<typeof literals> = {
  keyword: fc.constantFrom('m', 'verb', '\uffff').map(unquoted),
  ip: oneOf('10.0.0.1', '10.0.0.9', '192.0.2.1'),
};
/** Values in documents, some of which the type can't read. */
export const values: Readonly<Record<ValueType, readonly unknown[]>> = {
  keyword: [
    ...words.filter((text) => text !== ''),
    'verbcreate',
    'x',
    'xx',
    'verx',
    12,
    12_345,
    12_345,
    true,
    '\u{10000}',
    'x'.repeat(1_025),
  ],
  text: ['system:masters', 'the System', 'System-masters all', 'masters', 12],
  integer: [200, 201, '404', -1, 200.7, 'x'],
  boolean: [true, false, 'true', 'maybe'],
  date: ['2026-01-02T03:04:05.678Z', '2026-01-02T04:00:00.000Z', '2025-12-31T23:59:59.999Z', 'soon'],
  ip: ['10.0.0.1', '10.1.2.2', '192.0.2.1', '2001:db8::5', '::1', 'none'],
};

/** Terms over fields by name, each with its type; some of a field by a pattern, some of none. */
export function termsOver(
  fields: Readonly<Record<string, ValueType>>,
  patterns: readonly (readonly string[])[],
  keyword: fc.Arbitrary<Literal> = literals.keyword,
): fc.Arbitrary<Query> {
  const readable = { ...literals, keyword };
  const field = fc.constantFrom(...Object.entries(fields));
  const anywhere = fc.oneof(...Object.values(readable));
  const operator = fc.constantFrom('>' as const, '>=' as const, '<' as const, '<=' as const);
  const star = wildcard('', '');
  const is = (name: Name | null) => (value: Literal) => ({ kind: 'is' as const, field: name, value });
  return fc.oneof(
    {
      weight: 8,
      arbitrary: field.chain(([name, type]) =>
        fc.oneof({ weight: 8, arbitrary: readable[type] }, fc.constant(star)).map(is(nameOf(name))),
      ),
    },
    field.chain(([name, type]) =>
      fc.record({
        kind: fc.constant('range' as const),
        field: fc.constant(nameOf(name)),
        operator,
        value: bounds[type] ?? readable[type],
      }),
    ),
    anywhere.map(is(null)),
    fc.constantFrom(...patterns).chain((parts) => anywhere.map(is({ kind: 'wildcard', parts, offset }))),
  );
}

export function nameOf(text: string): Name {
  return { kind: 'text', text, quoted: false, offset };
}

/** Conditions of such terms. */
export function queriesOf(term: fc.Arbitrary<Query>): fc.Arbitrary<Query> {
  return fc.letrec<{ query: Query; chain: Query; term: Query }>((tie) => ({
    query: fc.oneof({ depthSize: 'small' }, tie('term'), tie('chain')),
    term,
    chain: fc.oneof(
      fc.record({ kind: fc.constant('not' as const), child: tie('query') }),
      fc.record({
        kind: fc.constantFrom('or' as const, 'and' as const),
        children: fc.array(tie('query'), { minLength: 2, maxLength: 3 }),
      }),
    ),
  })).query;
}
