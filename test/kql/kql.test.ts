import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compile } from '../../lambda/kql/compile.ts';
import { prefilterLiterals } from '../../lambda/kql/literals.ts';
import { limits, parse } from '../../lambda/kql/parse.ts';
import { subscriptionFilter } from '../../lambda/kql/subscription-filter.ts';
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

describe('prefilter literals', () => {
  const derived = (...texts: string[]) => {
    const queries = texts.map((text) => {
      const result = parse(text);
      if (!result.ok) throw new Error(result.error.message);
      return result.query;
    });
    return prefilterLiterals(queries, flatSchema);
  };
  const textsOf = (...texts: string[]) => derived(...texts)?.map(({ text }) => text) ?? null;
  const patternOf = (...texts: string[]) => subscriptionFilter(derived(...texts) ?? []).pattern;

  test.each<[string[], readonly string[] | null, string]>([
    [['a:hello and b:x'], ['hello'], '"hello"'],
    [['a:(hello or goodbye)'], ['hello', 'goodbye'], '?"hello" ?"goodbye"'],
    [['a:hello or b:*'], null, ''],
    [['not a:hello'], null, ''],
    [['a:hello and not b:x'], ['hello'], '"hello"'],
    [['a:12345'], null, ''],
    [['integer:12345'], null, ''],
    [['a:null'], null, ''],
    [['a:"true"'], null, ''],
    // inside a word, where a term may not match
    [['a:he*world'], ['world'], '%world%'],
    [['a:*hello*'], ['hello'], '%hello%'],
    [['a:hello*'], ['hello'], '%hello%'],
    [['a:x@hello'], ['hello'], '%hello%'],
    [['a:"line\\nhello"'], ['hello'], '%hello%'],
    [['a:(*ab.cd\\:ef* or good)'], ['ab.cd:ef', 'good'], '%ab.cd.ef|good%'],
    // between quotes, slashes, backslashes and spaces
    [['a:"hi \\"there\\""'], ['there'], '"there"'],
    [['a:kubernetes.io/kube-apiserver-client'], ['kube-apiserver-client'], '"kube-apiserver-client"'],
    [['a:*.io/hello'], ['hello'], '"hello"'],
    // a literal that contains another is found by it, and the other is then inside a word
    [['a:hello', 'b:hello_world'], ['hello'], '%hello%'],
    [['a:(hello or hello_there)'], ['hello'], '%hello%'],
    // a literal that another query needs too costs nothing, a longer one does
    [['a:hello', 'a:hello and b:goodbye'], ['hello'], '"hello"'],
    [['a:hello and b:(good or better)', 'a:hello and b:(better or best or good)'], ['hello'], '"hello"'],
    [['a:hello and b:goodbye', 'b:goodbye and a:hello'], ['goodbye'], '"goodbye"'],
    [['a:hello and b:goodbye', 'a:hello or b:x'], null, ''],
  ])('of %j are %j, and the filter is %j', (texts, literals, pattern) => {
    expect(textsOf(...texts)).toEqual(literals);
    expect(patternOf(...texts)).toBe(pattern);
  });

  test('are none if there are too many to search for', () => {
    const list = (count: number) => Array.from({ length: count }, (_, index) => `verb-${index}-of-many`);
    expect(textsOf(`a:(${list(24).join(' or ')})`)).toEqual(list(24));
    expect(textsOf(`a:(${list(25).join(' or ')})`)).toBe(null);
    expect(textsOf(`a:(${list(5_000).join(' or ')}) and b:hello`)).toEqual(['hello']);
  });

  test('a filter that would be too long delivers everything and gives the reason', () => {
    const long = Array.from({ length: 20 }, (_, index) => `x${index}${'-x'.repeat(30)}`);
    expect(subscriptionFilter(derived(`a:(${long.join(' or ')})`) ?? [])).toMatchObject({
      kind: 'everything',
      pattern: '',
      reason: expect.stringMatching(/^the pattern would have \d+ characters; the limit is 1024$/),
    });
  });

  test('other phrases become terms of the filter', () => {
    const filter = (query: string) => subscriptionFilter(derived(query) ?? [], ['AUDIT: id=']).pattern;
    expect(filter('a:hello')).toBe('?"hello" ?"AUDIT: id="');
    expect(filter('a:hello*')).toBe('%hello|AUDIT..id.%');
  });
});
