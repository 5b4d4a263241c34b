import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { auditSchema } from '../../lambda/audit/fields.ts';
import { csrwatchFields } from '../../lambda/findings/csrwatch-fields.ts';
import { compile } from '../../lambda/kql/compile.ts';
import { prefilterLiterals } from '../../lambda/kql/literals.ts';
import { limits, parse } from '../../lambda/kql/parse.ts';
import { similarName } from '../../lambda/kql/similar-name.ts';
import { subscriptionFilter } from '../../lambda/kql/subscription-filter.ts';
import { matchesWildcard } from '../../lambda/kql/wildcard.ts';
import { flatSchema } from './documents.ts';

describe('an invalid query', () => {
  test('the excerpt puts a caret under the place', () => {
    const result = parse('a:1 and\nb:(c or');
    expect(!result.ok && result.error.excerpt).toBe('b:(c or\n       ^');
  });

  test.each([
    ['a:)\nb', 'a:)\n  ^'],
    ['\na:)', 'a:)\n  ^'],
    ['a:\t)', 'a: )\n   ^'],
    [`${'a'.repeat(49)}:)${'b'.repeat(60)}`, `${'a'.repeat(49)}:)${'b'.repeat(49)}\n${' '.repeat(50)}^`],
    [`${'a'.repeat(60)}:)${'b'.repeat(9)}`, `${'a'.repeat(49)}:)${'b'.repeat(9)}\n${' '.repeat(50)}^`],
  ])('%j: a caret, and up to 100 characters around it', (query, excerpt) => {
    const result = parse(query);
    expect(!result.ok && result.error.excerpt).toBe(excerpt);
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
});

describe('warnings', () => {
  test.each<[string, number, string]>([
    ['a:null', 3, 'null matches nothing: write `not field:*` for an absent field'],
    ['neverheardof:x', 1, 'the field neverheardof is not in the field table'],
    ['a:foo or', 7, '"or" has nothing after it, so it is read as text: remove it, or quote the text'],
    ['(a:foo AND)', 8, '"AND" has nothing after it, so it is read as text: remove it, or quote the text'],
    [
      'a:(x or foo not)',
      13,
      '"not" has nothing after it, so it is read as text: remove it, or quote the text',
    ],
    ['or a:foo', 1, '"or" has nothing before it, so it is read as text: remove it, or quote the text'],
    ['OR a:foo', 1, '"OR" has nothing before it, so it is read as text: remove it, or quote the text'],
    ['a:x and NOT', 9, '"NOT" has no operand, so it is read as text: remove it, or quote it'],
    ['a:null or b:null', 13, 'null matches nothing: write `not field:*` for an absent field'],
    ['a:null or b:null', 3, 'null matches nothing: write `not field:*` for an absent field'],
    ['a:{ b:x }', 1, 'the field before "{" is not nested: nothing matches'],
    ['y and not y', 11, 'this can never match: the same condition is required and excluded'],
    ['a:x and not a:x', 13, 'this can never match: the same condition is required and excluded'],
    ['a > x and not a > x', 15, 'this can never match: the same condition is required and excluded'],
    [
      '(a:x or y) and not (a:x or y)',
      21,
      'this can never match: the same condition is required and excluded',
    ],
    ['not a:x and not (not a:x)', 22, 'this can never match: the same condition is required and excluded'],
    ['a:x and not', 9, '"not" has no operand, so it is read as text: remove it, or quote it'],
  ])('%j: column %i: %s', (query, column, message) => {
    const compiled = compile(query, flatSchema);
    expect(compiled.ok && compiled.warnings).toContainEqual(expect.objectContaining({ column, message }));
  });

  test.each([
    'a:"foo or"',
    'a:foo\\ or',
    'a:foo \\or',
    'a:or',
    'a:for',
    'a:floor',
    'a:x or a:y',
    'a:not',
    'a:x and a:y',
    'x',
    'sand',
    'andy',
    'a:for x',
    'a:x notable',
    'a:x\u00a0\u00a0orange',
  ])('%j: none', (query) => {
    expect(compile(query, flatSchema)).not.toHaveProperty('warnings.0');
  });
});

describe('warnings on an audit event', () => {
  const audit = 'kubernetes.audit.';
  const warningsOf = (query: string) => {
    const compiled = compile(query, auditSchema(csrwatchFields));
    if (!compiled.ok) throw new Error(compiled.error.message);
    return compiled.warnings.map(({ column, message }) => `${column} ${message}`);
  };

  test.each([
    ['user.nmae:x', 'user.name'],
    ['User.Name:x', 'user.name'],
    ['verb:create', `${audit}verb`],
    ['objectRef.resource:pods', `${audit}objectRef.resource`],
    [`${audit}objectref.resource:pods`, `${audit}objectRef.resource`],
    [`${audit}requestReceivedTimestmap > 2026`, `${audit}requestReceivedTimestamp`],
  ])('%j: did you mean %s?', (query, name) => {
    expect(warningsOf(query)).toEqual([expect.stringMatching(`^1 .*; did you mean ${name}\\?$`)]);
  });

  test.each([
    ['event.actoin', 'event.action'],
    ['event.acton', 'event.action'],
    ['event.actiion', 'event.action'],
    ['event.akkion', 'event.action'],
    ['vent.actionn', 'event.action'],
    ['event.act', undefined],
    ['event.axyzon', undefined],
  ])('%s: a name that differs in at most two characters', (name, similar) => {
    expect(similarName(name, ['event.outcome', 'event.action', 'user.name'])).toBe(similar);
  });

  test.each([
    ['abcdefg', ['abcdeyy', 'abcdefx'], 'abcdefx'],
    ['abcdefg', ['abcdexx'], 'abcdexx'],
    ['abcdef', ['abcdxx'], undefined],
    ['abcd', ['abdc'], 'abdc'],
    ['bacd', ['abcd'], 'abcd'],
    ['abc', ['abd'], undefined],
    ['abcdefghijk', ['abcdefghiyxz'], undefined],
    ['abcdefgh', ['xbcdefgy'], 'xbcdefgy'],
    ['abcdefgh', ['cdefgh'], 'cdefgh'],
    ['cdefghi', ['abcdefghi'], 'abcdefghi'],
    ['abcabcabc', ['bacacbabc'], 'bacacbabc'],
    ['abcdefghi', ['abcdefghi.x'], 'abcdefghi.x'],
    ['name', ['user.rename', 'user.name'], 'user.name'],
  ])('%s resembles, of %j, %s', (name, known, similar) => {
    expect(similarName(name, known)).toBe(similar);
  });

  test('a name resembles another if few characters are inserted, deleted, replaced or swapped', () => {
    const distance = (a: string, b: string): number => {
      if (a === '' || b === '') return a.length + b.length;
      const isSwap = a.length > 1 && b.length > 1 && a[0] === b[1] && a[1] === b[0];
      return Math.min(
        distance(a.slice(1), b.slice(1)) + (a[0] === b[0] ? 0 : 1),
        distance(a.slice(1), b) + 1,
        distance(a, b.slice(1)) + 1,
        ...(isSwap ? [distance(a.slice(2), b.slice(2)) + 1] : []),
      );
    };
    const name = (maxLength: number) =>
      fc.string({ unit: fc.constantFrom('a', 'b', 'c'), minLength: 6, maxLength });
    fc.assert(
      fc.property(name(8), name(8), (wanted, known) => {
        const found = distance(wanted, known);
        const resembles = found <= 2 && found * 3 < wanted.length;
        expect(similarName(wanted, [known])).toBe(resembles ? known : undefined);
      }),
      { numRuns: 500, seed: 1 },
    );
  });

  test('a list of values that a constant field does not have: a warning', () => {
    const schema = auditSchema(csrwatchFields, { cluster: 'prod' });
    const compiled = (query: string) => {
      const result = compile(query, schema);
      return (
        result.ok && {
          ...result,
          messages: result.warnings.map(({ column, message }) => `${column} ${message}`),
        }
      );
    };
    const never = 'nothing can match: orchestrator.cluster.name is always "prod" here';
    expect(compiled('orchestrator.cluster.name:(a or b)')).toMatchObject({
      constant: false,
      requires: [],
      messages: [`28 ${never}`],
    });
    expect(compiled('orchestrator.cluster.name:(a or prod)')).toMatchObject({ constant: true, messages: [] });
    expect(compiled('orchestrator.cluster.name:prod')).toMatchObject({ requires: [], messages: [] });
    expect(compiled('orchestrator.cluster.name:a or user.name:x')).toMatchObject({ messages: [] });
  });

  test('a condition inside braces that matches nothing: a warning', () => {
    const query = `${audit}requestObject.rules:{ verbs:null }`;
    expect(warningsOf(query)).toEqual([expect.stringMatching('null matches nothing')]);
    expect(compile(query, auditSchema(csrwatchFields))).toMatchObject({ constant: false });
  });

  test('a field that resembles no other: no suggestion', () => {
    expect(warningsOf('process.name:x')).toEqual(['1 the field process.name is not in the field table']);
  });

  test.each([
    [
      `${audit}verb:create and ${audit}verb:delete`,
      'another condition requires a different value of kubernetes.audit.verb',
    ],
    [
      `event.action:create and ${audit}verb:(delete or patch)`,
      'another condition requires a different value',
    ],
    ['user.name:x and (csrwatch.phase:issued and user.name:(y or z))', 'a different value of user.name'],
    ['user.name:x and not user.name:x', 'the same condition is required and excluded'],
    ['csrwatch.phase:aproved', 'csrwatch.phase is never "aproved": its values are requested, approved'],
    ['csrwatch.phase:(approved or aprove*)', 'csrwatch.phase is never "aprove*"'],
    ['event.outcome:succeeded', 'event.outcome is never "succeeded": its values are success, failure'],
  ])('%j can never match: a warning', (query, message) => {
    expect(warningsOf(query)).toEqual([expect.stringContaining(message)]);
  });

  test.each([
    `${audit}verb:create and ${audit}verb:(delete or create)`,
    `${audit}user.groups:a and ${audit}user.groups:b`,
    'related.user:a and related.user:b',
    `${audit}requestObject.spec.usages:a and ${audit}requestObject.spec.usages:b`,
    'csrwatch.phase:* and not csrwatch.phase:issued',
    'user.name:x and not user.name:y',
  ])('%j may match: none', (query) => {
    expect(warningsOf(query)).toEqual([]);
  });
});

test('only the Kelvin sign and the dotted I have a lower case with ASCII letters', () => {
  const codes = Array.from({ length: 0x110000 - 128 }, (_, index) => index + 128);
  const found = codes.filter((code) => /[a-z]/.test(String.fromCodePoint(code).toLowerCase()));
  expect(found.map((code) => code.toString(16))).toEqual(['130', '212a']);
});

test('a query for a credential id, or for free text, has literals on an audit event', () => {
  const literalsOf = (query: string, cluster?: string | null) => {
    const parsed = parse(query);
    const options = cluster === undefined ? {} : { cluster };
    const found = parsed.ok ? prefilterLiterals([parsed.query], auditSchema(csrwatchFields, options)) : [];
    return found?.map(({ text }) => text) ?? null;
  };
  const id = 'X509SHA256=00ab12cd34ef';
  const extra = 'kubernetes.audit.user.extra.authentication.kubernetes.io/credential-id';
  expect(literalsOf(`${extra}:"${id}"`)).toEqual(['00ab12cd34ef']);
  expect(literalsOf('kubernetes.audit.requestObject.rules:{ resources:"secrets" }')).toEqual(['secrets']);
  expect(literalsOf('csrwatch.requester:"mallory"')).toEqual(['mallory']);
  expect(literalsOf(`"${id}"`, null)).toEqual(['00ab12cd34ef']);
  expect(literalsOf('"mallory"', 'prod')).toEqual(['mallory']);
  // a name that may be that of the cluster, which may come from elsewhere
  expect(literalsOf('"mallory"')).toBe(null);
  expect(literalsOf('"mallory"', 'mallory')).toBe(null);
  expect(literalsOf('csrwatch.phase:"requested"')).toBe(null);
  // values of computed fields
  for (const value of ['succeeded', 'requested', 'success', 'kubernetes.audit_logs', 'legacy']) {
    expect(literalsOf(`"${value}"`, null)).toBe(null);
  }
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
  const textsOf = (...texts: string[]) =>
    derived(...texts)?.map(({ text, ignoreCase }) => (ignoreCase ? `${text}/i` : text)) ?? null;
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
    [['a:12345*'], null, ''],
    [['r*:hello'], null, ''],
    [['a:*true*'], ['true'], '%true%'],
    [['a:hello', 'b:HELLO-there'], ['hello', 'HELLO-there'], '?"hello" ?"HELLO-there"'],
    [['a:untrue'], ['untrue'], '"untrue"'],
    [['a:truest'], ['truest'], '"truest"'],
    [['date:"2026-01-02T10:00Z"'], null, ''],
    [['r*:{ a:hello }'], null, ''],
    [[''], null, ''],
    // in any case
    [['text:"Hello"'], ['hello/i'], ''],
    [['text:"Hello dear-Kubernetes"'], ['kubernetes/i'], ''],
    [['text:hello and a:bye-bye'], ['bye-bye'], '"bye-bye"'],
    [['text:(hello or bye)'], null, ''],
    [['text:hello bye'], null, ''],
    [['text:*Hell*o*'], ['hell/i'], ''],
    [['text:12345'], null, ''],
    [['text:true'], null, ''],
    [['text:null'], null, ''],
    [['text:...'], null, ''],
    [['"Hello"'], ['hello/i'], ''],
    [['*hello*'], ['hello/i'], ''],
    [['"X509SHA256=00ab12cd34ef"'], ['00ab12cd34ef/i'], ''],
    [['hello or 2026-01-02'], null, ''],
    [['"10.0.0.1"'], null, ''],
    [['"2026-01"'], null, ''],
    [['"12345"'], null, ''],
    [['"1-2-3-4-5"'], null, ''],
    // these may be values of another type, which the record spells in another way
    [['true'], null, ''],
    [['null'], null, ''],
    [['"true"'], null, ''],
    [['"2026-01-02T10:00Z"'], null, ''],
    [['"2001:db8::cafe"'], null, ''],
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
    [['a:"x hello"'], ['hello'], '"hello"'],
    [['a:"x\\\\hello"'], ['hello'], '"hello"'],
    // of equally long ones, the whole word
    [['a:there/*hello*'], ['there'], '"there"'],
    [['a:*hello*/there'], ['there'], '"there"'],
    [['a:hello and b:world'], ['hello'], '"hello"'],
    // a literal that contains another is found by it, and the other is then inside a word
    [['a:hello', 'b:hello_world'], ['hello'], '%hello%'],
    [['a:(hello or hello_there)'], ['hello'], '%hello%'],
    [['a:hello', 'b:*hello*'], ['hello'], '%hello%'],
    [['b:*hello*', 'a:hello'], ['hello'], '%hello%'],
    [['text:hello', 'a:HELLO-there'], ['hello/i'], ''],
    // one that ignores case is found more often
    [['text:goodbye and a:hello'], ['hello'], '"hello"'],
    // a literal that another query needs too costs nothing, a longer one does
    [['a:hello', 'a:hello and b:goodbye'], ['hello'], '"hello"'],
    [['a:hello and b:(good or better)', 'a:hello and b:(better or best or good)'], ['hello'], '"hello"'],
    [['a:hello and b:goodbye', 'b:goodbye and a:hello'], ['goodbye'], '"goodbye"'],
    [['a:hello', 'a:(hello or good) and b:goodbye'], ['hello', 'goodbye'], '?"hello" ?"goodbye"'],
    [['a:hello and b:goodbye', 'a:hello or b:x'], null, ''],
  ])('of %j are %j, and the filter is %j', (texts, literals, pattern) => {
    expect(textsOf(...texts)).toEqual(literals);
    expect(patternOf(...texts)).toBe(pattern);
  });

  test('are none if there are too many to search for', () => {
    const list = (count: number) => Array.from({ length: count }, (_, index) => `verb-${index}-of-many`);
    expect(textsOf(`a:(${list(24).join(' or ')})`)).toEqual(list(24));
    expect(textsOf(`a:(${list(25).join(' or ')})`)).toBe(null);
  });

  test('are those of another condition if one has far too many', () => {
    const list = Array.from({ length: 5_000 }, (_, index) => `verb-${index}-of-many`);
    expect(textsOf(`a:(${list.join(' or ')}) and b:hello`)).toEqual(['hello']);
  });

  test('a filter that delivers everything gives the reason', () => {
    expect(subscriptionFilter([])).toMatchObject({ kind: 'everything', reason: 'no rule can match' });
    expect(subscriptionFilter(derived('text:hello') ?? [])).toMatchObject({
      kind: 'everything',
      reason: 'a filter is case-sensitive, and a rule matches hello in any case',
    });
    expect(subscriptionFilter(derived('a:hello*') ?? []).kind).toBe('expression');
    expect(subscriptionFilter(derived('a:hello') ?? []).kind).toBe('terms');
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
