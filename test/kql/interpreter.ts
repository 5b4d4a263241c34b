import type { Literal, Query } from '../../lambda/kql/tree.ts';
import type { Flat } from './documents.ts';

/** What a query over keyword fields means, in the plainest words: no compiling, no order, no shortcuts. */
export function interpret(query: Query, document: Flat): boolean {
  switch (query.kind) {
    case 'everything':
      return true;
    case 'or':
      return query.children.map((child) => interpret(child, document)).includes(true);
    case 'and':
      return !query.children.map((child) => interpret(child, document)).includes(false);
    case 'not':
      return !interpret(query.child, document);
    case 'is': {
      const { field, value } = query;
      if (value.kind === 'null') return false;
      if (field !== null && isStar(field) && isStar(value)) return true;
      if (field === null && isStar(value)) return true;
      const names = Object.keys(document).filter((name) => field === null || fits(field, name));
      return names.some((name) => (document[name] ?? []).some((found) => fits(value, String(found))));
    }
    case 'range':
      return Object.keys(document)
        .filter((name) => fits(query.field, name))
        .some((name) =>
          (document[name] ?? []).some((found) => inRange(String(found), query.operator, textOf(query.value))),
        );
    case 'nested':
      return false;
  }
}

function isStar(literal: Literal): boolean {
  return literal.kind === 'wildcard' && literal.parts.join('|') === '|';
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

function inRange(text: string, operator: '>' | '>=' | '<' | '<=', bound: string): boolean {
  const a = [...text].map((c) => c.codePointAt(0) ?? 0);
  const b = [...bound].map((c) => c.codePointAt(0) ?? 0);
  const at = a.findIndex((point, index) => point !== b[index]);
  const order = at < 0 ? a.length - b.length : (a[at] ?? 0) - (b[at] ?? -1);
  return { '>': order > 0, '>=': order >= 0, '<': order < 0, '<=': order <= 0 }[operator];
}
