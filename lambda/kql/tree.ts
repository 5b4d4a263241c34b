/** A place in the query: UTF-16 offset from its start. */
export type Offset = number;

/** A name or value. A quoted text has no wildcard and is never typed: `"true"` is text. */
export type Literal =
  | { readonly kind: 'text'; readonly text: string; readonly quoted: boolean; readonly offset: Offset }
  /** The texts between the stars: `a*b` is `['a', 'b']`, `*` is `['', '']`. */
  | { readonly kind: 'wildcard'; readonly parts: readonly string[]; readonly offset: Offset }
  | { readonly kind: 'boolean'; readonly value: boolean; readonly offset: Offset }
  | { readonly kind: 'null'; readonly offset: Offset };

/** A field's name. */
export type Name = Extract<Literal, { kind: 'text' | 'wildcard' }>;

export type RangeOperator = '>' | '>=' | '<' | '<=';

export type Query =
  /** The empty query. */
  | { readonly kind: 'everything' }
  | { readonly kind: 'or' | 'and'; readonly children: readonly Query[] }
  | { readonly kind: 'not'; readonly child: Query }
  /** `field: null` is a fieldless term. A list is an `or`, `and` or `not` of these. */
  | { readonly kind: 'is'; readonly field: Name | null; readonly value: Literal }
  | {
      readonly kind: 'range';
      readonly field: Name;
      readonly operator: RangeOperator;
      readonly value: Literal;
    }
  | { readonly kind: 'nested'; readonly field: Name; readonly child: Query };

export function offsetOf(query: Query): Offset {
  switch (query.kind) {
    case 'everything':
      return 0;
    case 'or':
    case 'and':
      return query.children[0] ? offsetOf(query.children[0]) : 0;
    case 'not':
      return offsetOf(query.child);
    case 'is':
      return query.field?.offset ?? query.value.offset;
    case 'range':
    case 'nested':
      return query.field.offset;
  }
}
