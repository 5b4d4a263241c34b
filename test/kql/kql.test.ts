import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compile } from '../../lambda/kql/compile.ts';
import { filterPattern } from '../../lambda/kql/filter-pattern.ts';
import { needles } from '../../lambda/kql/needles.ts';
import { limits, parse } from '../../lambda/kql/parse.ts';
import { matchesWildcard } from '../../lambda/kql/wildcard.ts';
import { type Flat, flatSchema } from './documents.ts';

function matches(text: string, document: Flat): boolean {
  const compiled = compile(text, flatSchema);
  if (!compiled.ok) throw new Error(compiled.error.message);
  return compiled.matches(document);
}

describe('what a query matches', () => {
  test.each<[string, Flat, boolean]>([
    ['', {}, true],
    ['  \n', {}, true],
    ['a:x', { a: ['x'] }, true],
    ['a:x', { a: ['y', 'x'] }, true],
    ['a:x', { a: ['X'] }, false],
    ['a:x', { a: ['xx'] }, false],
    ['a:x', {}, false],
    ['not a:x', {}, true],
    ['a : x', { a: ['x'] }, true],
    ['a:"x"', { a: ['x'] }, true],
    ['"a":x', { a: ['x'] }, true],
    ['a:(x or y)', { a: ['y'] }, true],
    ['a:(x and y)', { a: ['y', 'x'] }, true],
    ['a:(x and y)', { a: ['x'] }, false],
    ['a:(x and not (y or z))', { a: ['x', 'z'] }, false],
    ['a:(not b)', { a: ['c'] }, true],
    ['a:x or b:y and b:z', { a: ['x'] }, true],
    ['(a:x or b:y) and b:z', { a: ['x'] }, false],
    ['not a:x and b:y', { b: ['y'] }, true],
    ['not (a:x and b:y)', { a: ['x'] }, true],
    ['not (not a:x)', { a: ['x'] }, true],
    ['NOT a:x OR a:y', { a: ['x', 'y'] }, true],
    ['a:*', { a: ['x'] }, true],
    ['a:*', {}, false],
    ['a:**', { a: ['x'] }, true],
    ['*:*', {}, true],
    ['*:x', { b: ['x'] }, true],
    ['?:x', { b: ['x'] }, false],
    ['x', { b: ['x'] }, true],
    ['x', { b: ['y'] }, false],
    ['a:x*z', { a: ['xyz'] }, true],
    ['a:x*z', { a: ['x\n\nz'] }, true],
    ['a:x*z', { a: ['xz'] }, true],
    ['a:x*', { a: ['ax'] }, false],
    ['a:"x*"', { a: ['xy'] }, false],
    ['a:"x*"', { a: ['x*'] }, true],
    ['a:x\\*', { a: ['x*'] }, true],
    ['a:x\\*', { a: ['xy'] }, false],
    ['a:x\\:y', { a: ['x:y'] }, true],
    ['a:foo  bar', { a: ['foo  bar'] }, true],
    ['a:(x y)', { a: ['x y'] }, true],
    ['a:notfoo', { a: ['notfoo'] }, true],
    ['a:not', { a: ['not'] }, true],
    ['a:or', { a: ['or'] }, true],
    ['a:foo or', { a: ['foo or'] }, true],
    ['a:x or y', { b: ['y'] }, true],
    ['a:x \\or y', { a: ['x or y'] }, true],
    ['a:\\not', { a: ['ot'] }, true],
    ['a:x\\u0041', { a: ['xA'] }, true],
    ['a:"x\\y"', { a: ['x\\y'] }, true],
    ['a:"x\\"y"', { a: ['x"y'] }, true],
    ['a:\u00a0x\u00a0', { a: ['x'] }, true],
    ['a:x/y', { a: ['x/y'] }, true],
    ['a:x?', { a: ['xy'] }, false],
    ['a:null', { a: ['null'] }, false],
    ['a:"null"', { a: ['null'] }, true],
    ['a:true', { a: [true] }, true],
    ['a:201', { a: [201] }, true],
    ['a:x', { a: ['x'.repeat(1_025)] }, false],
    ['a:x*', { a: ['x'.repeat(1_025)] }, false],
    ['a:x*', { a: ['x'.repeat(1_024)] }, true],
    ['a > b', { a: ['c'] }, true],
    ['a >= b', { a: ['b'] }, true],
    ['a < b', { a: ['b'] }, false],
    ['a<=\uffff', { a: ['\u{10000}'] }, false],
    ['integer > 200', { integer: [201] }, true],
    ['integer:201', { integer: [201] }, true],
    ['integer:201', { integer: ['201'] }, true],
    ['integer:*', { integer: ['x'] }, false],
    ['boolean:true', { boolean: [true] }, true],
    ['boolean:false', { boolean: [true] }, false],
    ['date > "2026-01-01T00:00:00Z"', { date: ['2026-01-02T00:00:00.123456Z'] }, true],
    ['date < "2026-01-01T00:00:00Z"', { date: ['2026-01-02T00:00:00Z'] }, false],
    ['ip:10.0.0.0/8', { ip: ['10.1.2.3'] }, true],
    ['ip:10.0.0.0/8', { ip: ['11.1.2.3'] }, false],
    ['ip:"2001:db8::/32"', { ip: ['2001:db8:1::1'] }, true],
    ['ip:"::ffff:10.0.0.1"', { ip: ['10.0.0.1'] }, true],
    ['ip > 10.0.0.1', { ip: ['10.0.0.2'] }, true],
    ['text:masters', { text: ['system:masters now'] }, false],
    ['text:"system:masters"', { text: ['it is system:masters now'] }, true],
    ['text:"is system"', { text: ['it is system, now'] }, true],
    ['text:"is now"', { text: ['it is system now'] }, false],
    ['text:now IT', { text: ['It was'] }, true],
    ['text:sys*', { text: ['the System'] }, true],
  ])('%j on %j: %j', (text, document, expected) => {
    expect(matches(text, document)).toBe(expected);
  });
});

describe('what is no query', () => {
  test.each([
    ['a:', 1, 3, 'expected a value, "(" or "{", found the end of the query'],
    ['a:()', 1, 4, 'expected a field, a value or "(", found ")"'],
    ['a:(>5)', 1, 4, 'expected a field, a value or "(", found ">"'],
    ['not not a:1', 1, 5, 'expected a field, a value or "(", found "not"'],
    ['not(a:1)', 1, 4, 'expected "and", "or" or the end of the query, found "("'],
    ['a:1 and(b:2)', 1, 8, 'expected "and", "or" or the end of the query, found "("'],
    ['a:not b', 1, 3, 'expected a value, "(" or "{", found "not"'],
    ['a:knot bar', 1, 4, 'expected "and", "or" or the end of the query, found "not"'],
    ['a:b c:d', 1, 6, 'expected "and", "or" or the end of the query, found ":"'],
    ['a:x:y', 1, 4, 'expected "and", "or" or the end of the query, found ":"'],
    ['a:1\nand b:"x', 2, 7, 'the quotation mark opened here is never closed'],
    ['(a:1', 1, 5, 'expected "and", "or" or ")", found the end of the query'],
    [
      'a:x\\y',
      1,
      4,
      'a backslash escapes one of \\ ( ) : < > " * { } or begins \\t \\r \\n \\uXXXX, not "y"',
    ],
    [
      'a:foo\\ bar',
      1,
      6,
      'a backslash escapes one of \\ ( ) : < > " * { } or begins \\t \\r \\n \\uXXXX, not " "',
    ],
    ['integer:x', 1, 9, 'integer: "x" can\'t be read as an integer'],
    ['ip:300.0.0.1', 1, 4, 'ip: "300.0.0.1" can\'t be read as an address or a CIDR block'],
    ['date:soon', 1, 6, 'date: "soon" can\'t be read as a date'],
  ])('%j: %i:%i %s', (text, line, column, message) => {
    expect(compile(text, flatSchema)).toMatchObject({ ok: false, error: { line, column, message } });
  });

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
  ])('what passes a limit is refused with an error that names it', (text, message) => {
    const result = parse(text);
    expect(!result.ok && result.error.message).toMatch(message);
  });

  test('null and unknown fields are warned of', () => {
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

test('a wildcard agrees with the regular expression that it stands for', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'b', '\n'), maxLength: 12 });
  fc.assert(
    fc.property(fc.array(text, { minLength: 2, maxLength: 4 }), text, (parts, value) => {
      expect(matchesWildcard(parts, value)).toBe(new RegExp(`^${parts.join('[^]*')}$`).test(value));
    }),
    { numRuns: 2_000 },
  );
});

describe('what is derived', () => {
  const derived = (...texts: string[]) => {
    const queries = texts.map((text) => {
      const result = parse(text);
      if (!result.ok) throw new Error(result.error.message);
      return result.query;
    });
    return { needles: needles(queries, flatSchema), pattern: filterPattern(queries, flatSchema) };
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
  ])('of %j are needles %j and pattern %s', (texts, wanted, pattern) => {
    expect(derived(...texts)).toEqual({ needles: wanted, pattern });
  });

  test('a pattern that grows too long is held to the sharpest conditions, in the end to none', () => {
    const queries = Array.from(
      { length: 40 },
      (_, index) => `a:resource and b:(verb${index} or other${index})`,
    );
    expect(derived(...queries).pattern).toBe('{ $.a = "resource" }');
    expect(derived(...Array.from({ length: 99 }, (_, index) => `a:resource-${index}`)).pattern).toBe('');
  });
});
