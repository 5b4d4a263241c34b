import { couldBeNumber } from './literals.ts';
import type { Schema } from './schema.ts';
import type { Literal, Query } from './tree.ts';

/** CloudWatch Logs takes no longer filter pattern. */
const maxPatternCharacters = 1_024;
/** A pattern that long holds no more alternatives. */
const mostAlternatives = 100;

/** A positive condition on an event; `null` says nothing about it. */
type Condition =
  | { readonly kind: 'equals'; readonly selector: string; readonly value: string }
  | { readonly kind: 'or' | 'and'; readonly children: readonly Condition[] }
  | null;

/**
 * The filter pattern that delivers every event that one of the queries can match, as kube-apiserver
 * writes it. Where it grows too long the alternative that takes most of it gives up the condition that says least,
 * step by step; in the end it is `''`, which delivers everything.
 */
export function filterPattern<D>(queries: readonly Query[], schema: Schema<D>): string {
  let alternatives = queries.flatMap((query) => alternativesOf(conditionOf(query, schema)));
  for (;;) {
    const pattern = print(join('or', alternatives));
    if (pattern.length <= maxPatternCharacters) return pattern;
    const chains = alternatives.filter((one) => one?.kind === 'and');
    if (chains.length === 0) return '';
    const weaker = new Set(alternatives.length > mostAlternatives ? chains : [longestOf(chains)]);
    alternatives = alternatives.flatMap((one) => (weaker.has(one) ? alternativesOf(weakened(one)) : [one]));
  }
}

function alternativesOf(condition: Condition): readonly Condition[] {
  return condition?.kind === 'or' ? condition.children : [condition];
}

function longestOf(conditions: readonly Condition[]): Condition {
  return conditions.reduce((best, one) => (printed(one).length > printed(best).length ? one : best));
}

/** Without the condition that says least. */
function weakened(condition: Condition): Condition {
  if (condition?.kind !== 'and') return condition;
  const dullest = condition.children.reduce((a, b) => (sharpness(b) < sharpness(a) ? b : a));
  return join(
    'and',
    condition.children.filter((child) => child !== dullest),
  );
}

function conditionOf<D>(query: Query, schema: Schema<D>): Condition {
  switch (query.kind) {
    case 'or':
    case 'and':
      return join(
        query.kind,
        query.children.map((child) => conditionOf(child, schema)),
      );
    case 'is': {
      if (query.field?.kind !== 'text') return null;
      const field = schema.field(query.field.text);
      if (field.type !== 'keyword' || !field.raw || field.raw.reachesArray) return null;
      const selector = selectorOf(field.raw.path);
      const value = textOf(query.value);
      return selector === undefined || value === undefined ? null : { kind: 'equals', selector, value };
    }
    case 'everything':
    case 'not':
    case 'range':
    case 'nested':
      return null;
  }
}

/** An `or` with an unknown side says nothing; an `and` keeps what its other sides say. */
function join(kind: 'or' | 'and', children: readonly Condition[]): Condition {
  if (kind === 'or' && children.includes(null)) return null;
  const flat = children.flatMap((child) =>
    child === null ? [] : child.kind === kind ? child.children : [child],
  );
  const distinct = [...new Map(flat.map((child) => [JSON.stringify(child), child])).values()];
  // a long list is weakened first
  const isShort = distinct.length <= mostAlternatives;
  const needed =
    kind === 'or' && isShort ? distinct.filter((child, index) => !isSaid(child, index, distinct)) : distinct;
  if (needed.length <= 1) return needed[0] ?? null;
  return { kind, children: needed };
}

/** In an `or` a side adds nothing where another holds whenever it does: `a && b` beside `a`. */
function isSaid(condition: Condition, index: number, all: readonly Condition[]): boolean {
  return all.some(
    // of two that say the same in another order, the first stays
    (other, at) => at !== index && implies(condition, other) && (at < index || !implies(other, condition)),
  );
}

/** Whether the second holds wherever the first does, as far as their shapes show it. */
function implies(a: Condition, b: Condition): boolean {
  if (a === null || b === null) return b === null;
  if (a.kind === 'or') return a.children.every((child) => implies(child, b));
  if (b.kind === 'and') return b.children.every((child) => implies(a, child));
  if (b.kind === 'or' && b.children.some((child) => implies(a, child))) return true;
  if (a.kind === 'and') return a.children.some((child) => implies(child, b));
  return a.kind === 'equals' && b.kind === 'equals' && a.selector === b.selector && a.value === b.value;
}

/** A slash in a key is not documented, so such a condition is left out. */
function selectorOf(path: readonly string[]): string | undefined {
  if (!path.every((key) => /^[\w.-]+$/.test(key))) return undefined;
  return `$${path.map((key) => (/^\w+$/.test(key) ? `.${key}` : `.['${key}']`)).join('')}`;
}

function textOf(value: Literal): string | undefined {
  if (couldBeNumber(value)) return undefined;
  const text =
    value.kind === 'text' ? value.text : value.kind === 'wildcard' ? value.parts.join('*') : undefined;
  return text !== undefined && /^[\w.:@/*-]+$/.test(text) && /[^*]/.test(text) ? text : undefined;
}

function sharpness(condition: Condition): number {
  switch (condition?.kind) {
    case 'equals':
      return condition.value.length;
    case 'or':
      return Math.min(...condition.children.map(sharpness));
    case 'and':
      return Math.max(...condition.children.map(sharpness));
    case undefined:
      return 0;
  }
}

function print(condition: Condition): string {
  return condition === null ? '' : `{ ${printed(condition)} }`;
}

function printed(condition: Condition): string {
  switch (condition?.kind) {
    case 'equals':
      return `${condition.selector} = "${condition.value}"`;
    case 'and':
      return condition.children
        .map((child) => (child?.kind === 'or' ? `(${printed(child)})` : printed(child)))
        .join(' && ');
    case 'or':
      return condition.children.map(printed).join(' || ');
    case undefined:
      return '';
  }
}
