import { parseAddress, parseNetwork } from './ip.ts';
import type { FieldType } from './schema.ts';
import type { Literal, RangeOperator } from './tree.ts';
import { matchesWildcard } from './wildcard.ts';
import { words } from './words.ts';

/** Does one value of a field match? */
export type Test = (value: unknown) => boolean;

export type TestResult =
  | { readonly ok: true; readonly test: Test }
  | { readonly ok: false; readonly message: string };

/** Keyword fields ignore longer values: Elastic's `ignore_above`. */
const maxKeywordCharacters = 1_024;

const never: Test = () => false;
const ok = (test: Test): TestResult => ({ ok: true, test });
const unreadable = (text: string, type: string): TestResult => ({
  ok: false,
  message: `${JSON.stringify(text)} can't be read as ${type}`,
});

/** The text of a keyword value, or `undefined` where it counts as absent. */
function keywordText(value: unknown): string | undefined {
  const text = typeof value === 'string' ? value : typeof value === 'object' ? undefined : String(value);
  return text === undefined || text.length > maxKeywordCharacters ? undefined : text;
}

/** Whether a value of this type is there at all: one that can't be read as its type is not. */
export function presence(type: FieldType): Test {
  switch (type) {
    case 'keyword':
      return (value) => keywordText(value) !== undefined;
    case 'text':
      return (value) => typeof value !== 'object';
    case 'integer':
      return (value) => integer(value) !== undefined;
    case 'date':
      return (value) => instant(value) !== undefined;
    case 'boolean':
      return (value) => boolean(value) !== undefined;
    case 'ip':
      return (value) => address(value) !== undefined;
    case 'nested':
    case 'object':
      return () => true;
  }
}

/** A test for `field:value`. A lone `*` is the caller's. */
export function equality(type: FieldType, literal: Exclude<Literal, { kind: 'null' }>): TestResult {
  const text =
    literal.kind === 'text' ? literal.text : literal.kind === 'boolean' ? String(literal.value) : undefined;
  switch (type) {
    case 'keyword':
      return ok(text === undefined ? keywordPattern(literal) : (value) => keywordText(value) === text);
    case 'text':
      return ok(text === undefined ? wordPattern(literal) : wordsTest(text, literal));
    case 'nested':
    case 'object':
      return ok(never);
    case 'integer':
    case 'date':
    case 'boolean':
    case 'ip':
      return text === undefined
        ? { ok: false, message: `a field of type ${type} takes no wildcard` }
        : typedEquality(type, text);
  }
}

/** A test for `field > value` and the like. */
export function range(type: FieldType, operator: RangeOperator, text: string): TestResult {
  switch (type) {
    case 'keyword':
      return ok(ordered(operator, (value) => compareText(keywordText(value), text)));
    case 'integer': {
      const bound = integer(text);
      return bound === undefined
        ? unreadable(text, 'an integer')
        : ok(ordered(operator, (v) => compare(integer(v), bound)));
    }
    case 'date': {
      const bound = instant(text);
      return bound === undefined
        ? unreadable(text, 'a date')
        : ok(ordered(operator, (v) => compare(instant(v), bound)));
    }
    case 'ip': {
      const bound = parseAddress(text);
      return bound === undefined
        ? unreadable(text, 'an address')
        : ok(ordered(operator, (v) => compare(address(v), bound)));
    }
    case 'text':
    case 'boolean':
    case 'nested':
    case 'object':
      return { ok: false, message: `a field of type ${type} has no order` };
  }
}

function typedEquality(type: 'integer' | 'date' | 'boolean' | 'ip', text: string): TestResult {
  switch (type) {
    case 'integer': {
      const wanted = integer(text);
      return wanted === undefined ? unreadable(text, 'an integer') : ok((value) => integer(value) === wanted);
    }
    case 'date': {
      const wanted = instant(text);
      return wanted === undefined ? unreadable(text, 'a date') : ok((value) => instant(value) === wanted);
    }
    case 'boolean': {
      const wanted = boolean(text);
      return wanted === undefined ? unreadable(text, 'a boolean') : ok((value) => boolean(value) === wanted);
    }
    case 'ip': {
      const network = parseNetwork(text);
      if (network === undefined) return unreadable(text, 'an address or a CIDR block');
      return ok((value) => {
        const found = address(value);
        return found !== undefined && found >= network.first && found <= network.last;
      });
    }
  }
}

function keywordPattern(literal: Literal): Test {
  if (literal.kind !== 'wildcard') return never;
  return (value) => {
    const text = keywordText(value);
    return text !== undefined && matchesWildcard(literal.parts, text);
  };
}

function wordPattern(literal: Literal): Test {
  if (literal.kind !== 'wildcard') return never;
  const parts = literal.parts.map((part) => part.toLowerCase());
  return (value) =>
    typeof value !== 'object' && words(String(value)).some((found) => matchesWildcard(parts, found));
}

/** Quoted: the words in a row. Unquoted: any of them. */
function wordsTest(text: string, literal: Literal): Test {
  const wanted = words(text);
  if (wanted.length === 0) return never;
  if (literal.kind === 'text' && literal.quoted) {
    const phrase = `\n${wanted.join('\n')}\n`;
    return (value) => typeof value !== 'object' && `\n${words(String(value)).join('\n')}\n`.includes(phrase);
  }
  const any = new Set(wanted);
  return (value) => typeof value !== 'object' && words(String(value)).some((found) => any.has(found));
}

function ordered(operator: RangeOperator, order: (value: unknown) => number | undefined): Test {
  const accepts = accepted[operator];
  return (value) => {
    const found = order(value);
    return found !== undefined && accepts(found);
  };
}

const accepted: Readonly<Record<RangeOperator, (order: number) => boolean>> = {
  '>': (order) => order > 0,
  '>=': (order) => order >= 0,
  '<': (order) => order < 0,
  '<=': (order) => order <= 0,
};

function compare<T extends number | bigint>(value: T | undefined, bound: T): number | undefined {
  return value === undefined ? undefined : value < bound ? -1 : value > bound ? 1 : 0;
}

/** By code point: UTF-8 bytes sort as code points do, UTF-16 units don't. */
function compareText(value: string | undefined, bound: string): number | undefined {
  return value === undefined ? undefined : Buffer.compare(Buffer.from(value), Buffer.from(bound));
}

function integer(value: unknown): number | undefined {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? Math.trunc(number) : undefined;
}

function boolean(value: unknown): boolean | undefined {
  if (value === true || value === 'true') return true;
  return value === false || value === 'false' ? false : undefined;
}

/** Milliseconds since the epoch. */
function instant(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string') return undefined;
  const text = /^\d{4}(-\d\d(-\d\d(T.*)?)?)?$/.test(value) ? value : '';
  const milliseconds = Date.parse(/T/.test(text) && !/(Z|[+-]\d\d:?\d\d)$/.test(text) ? `${text}Z` : text);
  return Number.isNaN(milliseconds) ? undefined : milliseconds;
}

function address(value: unknown): bigint | undefined {
  return typeof value === 'string' ? parseAddress(value) : undefined;
}
