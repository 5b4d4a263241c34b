import type { Literal, Query } from './tree.ts';

/** A query as text, with the fewest parentheses. Parsing the text gives the same tree. */
export function print(query: Query): string {
  switch (query.kind) {
    case 'everything':
      return '';
    case 'or':
    case 'and':
      return query.children.map((child) => operand(child, query.kind)).join(` ${query.kind} `);
    case 'not':
      return `not ${operand(query.child, 'not')}`;
    case 'is':
      return query.field === null
        ? printLiteral(query.value)
        : `${printLiteral(query.field)}:${printLiteral(query.value)}`;
    case 'range':
      return `${printLiteral(query.field)} ${query.operator} ${printLiteral(query.value)}`;
    case 'nested':
      return `${printLiteral(query.field)}:{ ${print(query.child)} }`;
  }
}

/** How tightly each kind binds; a child that binds no tighter than its parent needs parentheses. */
const binding: Readonly<Record<Query['kind'], number>> = {
  everything: 0,
  or: 1,
  and: 2,
  not: 3,
  is: 4,
  range: 4,
  nested: 4,
};

function operand(child: Query, inside: 'or' | 'and' | 'not'): string {
  return binding[child.kind] > binding[inside] ? print(child) : `(${print(child)})`;
}

function printLiteral(literal: Literal): string {
  switch (literal.kind) {
    case 'text':
      return literal.quoted ? `"${literal.text.replace(/["\\]/g, '\\$&')}"` : escaped(literal.text);
    case 'wildcard':
      return literal.parts.map((part) => (part === '' ? '' : escaped(part))).join('*');
    case 'boolean':
      return String(literal.value);
    case 'null':
      return 'null';
  }
}

/**
 * White space is escaped like the special characters: it would be trimmed, or end the literal at a keyword. So is
 * the first letter of a `not` at the end, which white space may follow (`\\not` is a line feed and `ot`).
 */
function escaped(text: string): string {
  // a literal of nothing but escaped white space, which is trimmed when it is parsed
  if (text === '') return '\\u0020';
  return text
    .replace(/[\\():<>"*{}]/g, '\\$&')
    .replace(/n(?=ot$)/i, (letter) => `\\u00${letter.charCodeAt(0).toString(16)}`)
    .replace(/[\s\u00a0]/g, (space) => `\\u${space.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
