import { BlockList, isIP } from 'node:net';
import type { FieldType } from '../../lambda/kql/schema.ts';
import type { Literal, Query, RangeOperator } from '../../lambda/kql/tree.ts';

/** Every field of a document with its values, which are never empty; a nested field's are objects, flattened too. */
export type Indexed = Readonly<Record<string, readonly unknown[]>>;

type TypeOf = (name: string) => FieldType;

/**
 * What a query means, in the plainest words: no compiling, no order, no shortcuts. Of the types it knows as much as the
 * documents of the properties need: dates are whole milliseconds in UTC, words are separated by spaces, slashes and hyphens.
 */
export function interpret(query: Query, document: Indexed, typeOf: TypeOf): boolean {
  switch (query.kind) {
    case 'everything':
      return true;
    case 'or':
      return query.children.map((child) => interpret(child, document, typeOf)).includes(true);
    case 'and':
      return !query.children.map((child) => interpret(child, document, typeOf)).includes(false);
    case 'not':
      return !interpret(query.child, document, typeOf);
    case 'is': {
      const { field, value } = query;
      if (value.kind === 'null') return false;
      if (isStar(value) && (field === null || isStar(field))) return true;
      if (isStar(value) && field?.kind === 'text') {
        const below = Object.keys(document).filter((name) => name.startsWith(`${field.text}.`));
        if (below.some((name) => anyValue(name, (type, found) => isThere(type, found)))) return true;
      }
      return named(field).some((name) =>
        anyValue(name, (type, found) => (isStar(value) ? isThere(type, found) : isEqual(type, found, value))),
      );
    }
    case 'range':
      return named(query.field).some((name) =>
        anyValue(name, (type, found) => isOrdered(type, found, query.operator, textOf(query.value))),
      );
    case 'nested': {
      const names = query.field.kind === 'text' ? [query.field.text] : [];
      return names
        .filter((name) => typeOf(name) === 'nested')
        .some((name) =>
          (document[name] ?? []).some((object) =>
            interpret(query.child, object as Indexed, (below) => typeOf(`${name}.${below}`)),
          ),
        );
    }
  }

  function named(field: Literal | null): string[] {
    return Object.keys(document).filter((name) => field === null || fits(field, name));
  }

  function anyValue(name: string, holds: (type: FieldType, value: unknown) => boolean): boolean {
    return (document[name] ?? []).some((value) => holds(typeOf(name), value));
  }
}

function isThere(type: FieldType, value: unknown): boolean {
  switch (type) {
    case 'keyword':
      return String(value).length <= 1_024;
    case 'text':
      return true;
    case 'integer':
      return isNumber(String(value));
    case 'boolean':
      return ['true', 'false'].includes(String(value));
    case 'date':
      return isDate(value);
    case 'ip':
      return isIP(String(value)) > 0;
    case 'nested':
    case 'object':
      return false;
  }
}

function isEqual(type: FieldType, value: unknown, literal: Literal): boolean {
  const text = textOf(literal);
  if (!isThere(type, value)) return false;
  switch (type) {
    case 'keyword':
      return fits(literal, String(value));
    case 'text': {
      const found = wordsOf(String(value));
      if (literal.kind === 'wildcard') return found.some((word) => fits(lowerCased(literal), word));
      const wanted = wordsOf(text);
      if (literal.kind !== 'text' || !literal.quoted) return wanted.some((word) => found.includes(word));
      const starts = found.map((_, start) => found.slice(start, start + wanted.length).join(' '));
      return wanted.length > 0 && starts.includes(wanted.join(' '));
    }
    case 'integer':
      return isNumber(text) && Math.trunc(Number(value)) === Number(text);
    case 'boolean':
      return text === String(value);
    case 'date':
      return isDatePrefix(text) && String(value).startsWith(text);
    case 'ip': {
      const [address = '', prefix] = text.split('/');
      if (isIP(address) !== isIP(String(value))) return false;
      const block = new BlockList();
      const family = isIP(address) === 4 ? 'ipv4' : 'ipv6';
      block.addSubnet(address, Number(prefix ?? (family === 'ipv4' ? 32 : 128)), family);
      return block.check(String(value), family);
    }
    case 'nested':
    case 'object':
      return false;
  }
}

function isOrdered(type: FieldType, value: unknown, operator: RangeOperator, bound: string): boolean {
  const holds = (order: number) =>
    ({ '>': order > 0, '>=': order >= 0, '<': order < 0, '<=': order <= 0 })[operator];
  if (!isThere(type, value)) return false;
  switch (type) {
    case 'keyword':
      return holds(byCodePoint(String(value), bound));
    case 'text':
      return wordsOf(String(value)).some((word) => holds(byCodePoint(word, bound.toLowerCase())));
    case 'integer':
      return isNumber(bound) && holds(Math.trunc(Number(value)) - Number(bound));
    case 'boolean':
      return (
        ['true', 'false'].includes(bound) &&
        holds(Number(String(value) === 'true') - Number(bound === 'true'))
      );
    case 'date':
      return isDatePrefix(bound) && holds(byCodePoint(String(value).slice(0, bound.length), bound));
    case 'ip':
      return isIP(bound) > 0 && holds(byCodePoint(allGroups(String(value)), allGroups(bound)));
    case 'nested':
    case 'object':
      return false;
  }
}

/** An address with every digit of its eight groups. */
function allGroups(address: string): string {
  if (isIP(address) === 4) {
    const octets = address.split('.').map((octet) => Number(octet).toString(16).padStart(2, '0'));
    return allGroups(`::ffff:${octets.slice(0, 2).join('')}:${octets.slice(2).join('')}`);
  }
  const [before = '', after = ''] = address
    .split('::')
    .map((half) => half.replace(/[^:]+/g, (group) => group.padStart(4, '0')));
  const zeros = '0000:'.repeat(8 - `${before}:${after}`.split(':').filter((group) => group !== '').length);
  return `${before === '' ? '' : `${before}:`}${zeros}${after}`;
}

function isNumber(text: string): boolean {
  return /^-?\d+(\.\d+)?$/.test(text);
}

function isDate(value: unknown): boolean {
  return typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(value);
}

function isDatePrefix(text: string): boolean {
  return (
    [4, 7, 10, 13, 16, 19].includes(text.length) &&
    isDate(text + '0000-01-01T00:00:00.000Z'.slice(text.length))
  );
}

function wordsOf(text: string): string[] {
  return text
    .toLowerCase()
    .replace(/(?<!\p{L}):|:(?!\p{L})|[/-]/gu, ' ')
    .split(' ')
    .filter((word) => word !== '');
}

function isStar(literal: Literal): boolean {
  return literal.kind === 'wildcard' && literal.parts.join('|') === '|';
}

function lowerCased(literal: Extract<Literal, { kind: 'wildcard' }>): Literal {
  return { ...literal, parts: literal.parts.map((part) => part.toLowerCase()) };
}

function textOf(literal: Literal): string {
  switch (literal.kind) {
    case 'text':
      return literal.text;
    case 'wildcard':
      return literal.parts.join('*');
    case 'boolean':
      return String(literal.value);
    case 'null':
      return 'null';
  }
}

function fits(literal: Literal, text: string): boolean {
  if (literal.kind !== 'wildcard') return textOf(literal) === text;
  const quoted = literal.parts.map((part) =>
    part.replace(/./gsu, (c) => `\\u{${c.codePointAt(0)?.toString(16)}}`),
  );
  return new RegExp(`^${quoted.join('[^]*')}$`, 'u').test(text);
}

function byCodePoint(text: string, bound: string): number {
  const a = [...text].map((c) => c.codePointAt(0) ?? 0);
  const b = [...bound].map((c) => c.codePointAt(0) ?? 0);
  const at = a.findIndex((point, index) => point !== b[index]);
  return at < 0 ? a.length - b.length : (a[at] ?? 0) - (b[at] ?? -1);
}
