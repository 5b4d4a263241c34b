import { describe, expect, test } from 'vitest';
import { compile } from '../../lambda/kql/compile.ts';
import { createFieldCache, noFieldCache } from '../../lambda/kql/field-cache.ts';
import { FieldPredicates } from '../../lambda/kql/field-predicates.ts';
import { always, and, not, or, type Predicate } from '../../lambda/kql/predicate.ts';
import type { Field, Schema } from '../../lambda/kql/schema.ts';
import { type Flat, flatSchema } from './documents.ts';

function compiled(query: string, schema: Schema<Flat> = flatSchema) {
  const result = compile(query, schema);
  if (!result.ok) throw new Error(result.error.message);
  return result;
}

describe('a result that does not depend on the document', () => {
  test.each([
    ['*', true],
    ['not *', false],
    ['a:null', false],
    ['not a:null', true],
    ['a:null or b:null', false],
    ['a:null or *', true],
    ['a:x or *', true],
    ['a:x and a:null', false],
    ['* and not a:null', true],
    ['a:x and *', undefined],
    ['a:x or a:null', undefined],
    ['not a:x', undefined],
  ])('%j: %j', (query, constant) => {
    expect(compiled(query).constant).toBe(constant);
    if (constant !== undefined) expect(compiled(query).matches({})).toBe(constant);
  });
});

describe('the cheapest condition is evaluated first', () => {
  const evaluated = (join: typeof and, result: boolean) => {
    const log: number[] = [];
    const costing = (cost: number): Predicate<Flat> => ({
      cost,
      matches: () => {
        log.push(cost);
        return result;
      },
    });
    const { cost, matches } = join([costing(7), costing(1), always(result), not(not(costing(4)))]);
    matches({});
    return { cost, log };
  };

  test('of an `and`, until one does not match', () => {
    expect(evaluated(and, true)).toEqual({ cost: 12, log: [1, 4, 7] });
    expect(evaluated(and, false).log).toEqual([]);
  });

  test('of an `or`, until one matches', () => {
    expect(evaluated(or, false)).toEqual({ cost: 12, log: [1, 4, 7] });
    expect(evaluated(or, true).log).toEqual([]);
  });

  test('a constant costs nothing', () => {
    expect(always(true).cost).toBe(0);
  });

  test('keywords are cheaper than addresses, dates, texts, and fields that match a pattern', () => {
    const predicates = new FieldPredicates(flatSchema, noFieldCache<Flat>());
    const costOf = (field: Partial<Field<Flat>>) =>
      predicates.values({ ...flatSchema.field('a'), ...field }, () => true).cost;
    const keyword = costOf({ type: 'keyword' });
    const others = (['ip', 'date', 'text'] as const).map((type) => costOf({ type }));
    expect([keyword, ...others].toSorted((a, b) => a - b)).toEqual([keyword, ...others]);
    expect(costOf({ type: 'integer' })).toBe(keyword);
    expect(costOf({ type: 'boolean' })).toBe(keyword);
    expect(costOf({ type: 'keyword', readCost: 50 })).toBe(50 + keyword);
    const pattern = predicates.matching(['', 'a'], () => ({ ok: true, test: () => true }));
    expect(pattern.cost).toBeGreaterThan(Math.max(...others));
  });
});

test('an object has no value of its own, and a value if a field below it has one', () => {
  const object: Field<Flat> = {
    ...flatSchema.field('a'),
    type: 'object',
    leaf: false,
    read: (document) => document['a'] ?? [],
  };
  const schema = { ...flatSchema, field: () => object };
  for (const query of ['a:x', 'a > x']) expect(compiled(query, schema).matches({ a: ['x', {}] })).toBe(false);
  const presence = new FieldPredicates(flatSchema, noFieldCache<Flat>()).presence(object);
  expect(presence.matches({ a: ['x', {}], 'a.b': ['x'] })).toBe(true);
  expect(presence.matches({ a: ['x', {}] })).toBe(false);
  expect(presence.matches({ a: [{}], ab: ['x'] })).toBe(false);
});

describe('the values of a field', () => {
  const counting = () => {
    const reads: string[] = [];
    const read = (name: string) => (document: Flat) => {
      reads.push(name);
      return document[name] ?? [];
    };
    const field = (name: string, path?: string[]): Field<Flat> => ({
      ...flatSchema.field(name),
      ...(path && { path }),
      read: read(name),
    });
    return { reads, field };
  };
  const first = { a: ['x'] };
  const second = { a: ['y'] };

  test('are read once for each document', () => {
    const { reads, field } = counting();
    const cache = createFieldCache<Flat>();
    for (const document of [first, first, second, second, first]) {
      expect(cache.reader(field('a'))(document)).toBe(document.a);
    }
    expect(reads).toEqual(['a', 'a', 'a']);
  });

  test('are read once for two names of one path', () => {
    const { reads, field } = counting();
    const cache = createFieldCache<Flat>();
    for (const name of ['a', 'b']) cache.reader(field(name, ['spec', 'a']))(first);
    cache.reader(field('c', ['spec', 'c']))(first);
    expect(reads).toEqual(['a', 'c']);
  });

  test('are read for each query without a cache', () => {
    const { reads, field } = counting();
    const reader = noFieldCache<Flat>().reader(field('a'));
    reader(first);
    reader(first);
    expect(reads).toEqual(['a', 'a']);
  });
});

test('a query requires the values of keyword fields that every matching document has', () => {
  const required = (query: string) =>
    compiled(query).requires.map(({ field, values }) => `${field.name}: ${values.join(' ')}`);
  expect(required('a:x')).toEqual(['a: x']);
  expect(required('a:x and b:(y or z) and not c:q')).toEqual(['a: x', 'b: y z']);
  for (const query of ['a:x*', 'a:(x or y*)', 'a:x or b:y', 'not a:x', 'integer:1', 'a > x', 'a:null', '*'])
    expect(required(query)).toEqual([]);
});
