import type { Literal, Query } from '../../lambda/kql/tree.ts';

/** A tree on one line, for tables of cases. */
export function draw(query: Query): string {
  switch (query.kind) {
    case 'everything':
      return 'everything';
    case 'or':
      return `(${query.children.map(draw).join(' | ')})`;
    case 'and':
      return `(${query.children.map(draw).join(' & ')})`;
    case 'not':
      return `!${draw(query.child)}`;
    case 'is': {
      const field = query.field === null ? '' : drawLiteral(query.field);
      return `${field}${query.value.kind === 'wildcard' ? '~' : '='}${drawLiteral(query.value)}`;
    }
    case 'range':
      return `${drawLiteral(query.field)}${query.operator}${drawLiteral(query.value)}`;
    case 'nested':
      return `${drawLiteral(query.field)}{${draw(query.child)}}`;
  }
}

function drawLiteral(literal: Literal): string {
  switch (literal.kind) {
    case 'text':
      return literal.quoted ? `«${literal.text}»` : literal.text;
    case 'wildcard':
      return literal.parts.map((part) => part.replaceAll('*', '\\*')).join('*');
    case 'boolean':
      return `${literal.value}!`;
    case 'null':
      return 'null!';
  }
}
