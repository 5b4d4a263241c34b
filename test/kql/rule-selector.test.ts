import { describe, expect, test } from 'vitest';
import { compile } from '../../lambda/kql/compile.ts';
import { noFieldCache } from '../../lambda/kql/field-cache.ts';
import { createRuleSelector } from '../../lambda/kql/rule-selector.ts';
import type { Schema } from '../../lambda/kql/schema.ts';
import { type Flat, flatSchema } from './documents.ts';

function selecting(queries: readonly string[], schema: Schema<Flat> = flatSchema) {
  const requirements = queries.map((query) => {
    const compiled = compile(query, schema);
    if (!compiled.ok) throw new Error(compiled.error.message);
    return compiled.requires;
  });
  const select = createRuleSelector(requirements, noFieldCache<Flat>());
  return (document: Flat) => select(document).map((index) => queries[index]);
}

describe('the queries that can match a document', () => {
  const queries = ['a:x and b:1', 'c:*', 'a:x and b:2', 'a:(x or y) and b:2', 'a:z', 'not a:z'];
  const always = ['c:*', 'not a:z'];

  test.each<[Flat, readonly string[]]>([
    [{}, always],
    [{ a: ['other'] }, always],
    [{ b: ['1'] }, always],
    [{ a: ['x'] }, always],
    [{ a: ['x'], b: ['1'] }, ['a:x and b:1', 'c:*', 'not a:z']],
    [{ a: ['x'], b: [2] }, ['c:*', 'a:x and b:2', 'a:(x or y) and b:2', 'not a:z']],
    [{ a: ['x'], b: ['1', '2'] }, ['a:x and b:1', 'c:*', 'a:x and b:2', 'a:(x or y) and b:2', 'not a:z']],
    [{ a: ['y', 'z'], b: ['2'] }, ['c:*', 'a:(x or y) and b:2', 'a:z', 'not a:z']],
    [{ a: ['z'] }, ['c:*', 'a:z', 'not a:z']],
  ])('%j: %j', (document, selected) => {
    expect(selecting(queries)(document)).toEqual(selected);
  });
});

test('a query that is the only one left is not looked up', () => {
  expect(selecting(['a:x'])({})).toEqual(['a:x']);
  expect(selecting(['a:x and b:1', 'a:y'])({ a: ['x'] })).toEqual(['a:x and b:1']);
  expect(selecting([])({})).toEqual([]);
});

test('a third required field is not looked up', () => {
  const queries = ['a:x and b:1 and c:p', 'a:x and b:1 and c:p and d:q'];
  expect(selecting(queries)({ a: ['x'], b: ['1'] })).toEqual(queries);
});

describe('the first lookup', () => {
  const firstRead = (queries: readonly string[]) => {
    const reads: string[] = [];
    const field = (name: string) => {
      const known = flatSchema.field(name);
      const read = (document: Flat) => {
        reads.push(name);
        return known.read(document);
      };
      return { ...known, read };
    };
    selecting(queries, { ...flatSchema, field })({});
    return reads;
  };

  test('is of the field that most queries require', () => {
    expect(firstRead(['a:x and b:1', 'b:2', 'a:z and b:3'])).toEqual(['b']);
    expect(firstRead(['a:x and b:(1 or 2 or 3)', 'a:y', 'a:z and b:3'])).toEqual(['a']);
  });

  test('is of the field with most values, if several are required equally often', () => {
    expect(firstRead(['a:x and b:1', 'a:x and b:2'])).toEqual(['b']);
    expect(firstRead(['a:(x or y) and b:1', 'a:z and b:1'])).toEqual(['a']);
  });
});
