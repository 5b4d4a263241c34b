import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compile } from '../../lambda/kql/compile.ts';
import { filterPattern } from '../../lambda/kql/filter-pattern.ts';
import { literals } from '../../lambda/kql/literals.ts';
import { limits, parse } from '../../lambda/kql/parse.ts';
import { matchesWildcard } from '../../lambda/kql/wildcard.ts';
import { flatSchema } from './documents.ts';

describe('an invalid query', () => {
  test('the excerpt puts a caret under the place', () => {
    const result = parse('a:1 and\nb:(c or');
    expect(!result.ok && result.error.excerpt).toBe('b:(c or\n       ^');
  });

  test.each([
    ['a'.repeat(limits.characters + 1), /the limit is \d+$/],
    [`${'('.repeat(limits.depth + 1)}a${')'.repeat(limits.depth + 1)}`, /nested more than \d+ deep$/],
    [
      `a:(${Array(limits.nodes + 2)
        .fill('b')
        .join(' or ')})`,
      /more than \d+ terms/,
    ],
  ])('a query that exceeds a limit: the error names the limit', (text, message) => {
    const result = parse(text);
    expect(!result.ok && result.error.message).toMatch(message);
  });

  test('null and unknown fields: a warning', () => {
    const compiled = compile('a:null and neverheardof:x', flatSchema);
    expect(compiled.ok && compiled.warnings.map(({ column }) => column)).toEqual([3, 12]);
  });
});

test('random text never throws', () => {
  const text = fc.string({
    unit: fc.constantFrom(...'ab:()"\\*{}<>= \n\u00a0', ' and ', ' or ', 'not ', 'true'),
  });
  fc.assert(
    fc.property(text, (query) => void compile(query, flatSchema)),
    { numRuns: 2_000 },
  );
});

test('a wildcard matches what the equivalent regular expression matches', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'b', '\n'), maxLength: 12 });
  fc.assert(
    fc.property(fc.array(text, { minLength: 2, maxLength: 4 }), text, (parts, value) => {
      expect(matchesWildcard(parts, value)).toBe(new RegExp(`^${parts.join('[^]*')}$`).test(value));
    }),
    { numRuns: 2_000 },
  );
});

describe('derived literals', () => {
  const derived = (...texts: string[]) => {
    const queries = texts.map((text) => {
      const result = parse(text);
      if (!result.ok) throw new Error(result.error.message);
      return result.query;
    });
    return { literals: literals(queries, flatSchema), pattern: filterPattern(queries, flatSchema) };
  };

  test.each<[string[], readonly string[] | null, string]>([
    [['a:hello and b:x'], ['hello'], '{ $.a = "hello" && $.b = "x" }'],
    [['a:(hello or goodbye)'], ['hello', 'goodbye'], '{ $.a = "hello" || $.a = "goodbye" }'],
    [['a:hello or b:*'], null, ''],
    [['not a:hello'], null, ''],
    [['a:hello and not b:x'], ['hello'], '{ $.a = "hello" }'],
    [['a:he*world'], ['world'], '{ $.a = "he*world" }'],
    [['a:12345'], null, ''],
    [['integer:12345'], null, ''],
    [['text:hello'], null, ''],
    [['a:"hi \\"there\\""'], ['there'], ''],
    [['a:hello', 'b:hello_world'], ['hello'], '{ $.a = "hello" || $.b = "hello_world" }'],
    [['hello'], null, ''],
    // a literal that another query needs anyway costs nothing, a longer one does
    [['a:hello', 'a:hello and b:goodbye'], ['hello'], '{ $.a = "hello" }'],
    [
      ['a:hello and b:(good or better)', 'a:hello and b:(better or best or good)'],
      ['hello'],
      '{ $.a = "hello" && ($.b = "better" || $.b = "best" || $.b = "good") }',
    ],
    [['a:hello and b:goodbye', 'b:goodbye and a:hello'], ['goodbye'], '{ $.a = "hello" && $.b = "goodbye" }'],
    [['a:hello and b:goodbye', 'a:hello or b:x'], null, '{ $.a = "hello" || $.b = "x" }'],
    [['a:(hello or hello_there)'], ['hello'], '{ $.a = "hello" || $.a = "hello_there" }'],
    [['a:null'], null, ''],
  ])('of %j are literals %j and pattern %s', (texts, wanted, pattern) => {
    expect(derived(...texts)).toEqual({ literals: wanted, pattern });
  });

  test('a pattern that grows too long is held to the sharpest conditions, in the end to none', () => {
    const queries = Array.from(
      { length: 40 },
      (_, index) => `a:resource and b:(verb${index} or other${index})`,
    );
    expect(derived(...queries).pattern).toBe('{ $.a = "resource" }');
    expect(derived(...Array.from({ length: 99 }, (_, index) => `a:resource-${index}`)).pattern).toBe('');
  });

  test('one query of many alternatives is weakened as many queries are', () => {
    for (const count of [40, 400]) {
      const chains = Array.from({ length: count }, (_, index) => `(a:resource and b:verb${index})`);
      expect(derived(chains.join(' or ')).pattern).toBe('{ $.a = "resource" }');
    }
  });

  test('more literals than are quickly searched for are none', () => {
    const list = (count: number) => Array.from({ length: count }, (_, index) => `verb-${index}-of-many`);
    expect(derived(`a:(${list(24).join(' or ')})`).literals).toEqual(list(24));
    expect(derived(`a:(${list(25).join(' or ')})`).literals).toBe(null);
    expect(derived(`a:(${list(5_000).join(' or ')}) and b:hello`).literals).toEqual(['hello']);
  });
});
