import type { Field } from './schema.ts';
import type { Offset } from './tree.ts';

export type Matches<D> = (document: D) => boolean;

/** A keyword field that has one of these values in every document that a predicate matches. */
export interface Requirement<D> {
  readonly field: Field<D>;
  readonly values: readonly string[];
  readonly offset: Offset;
}

/** A compiled condition. */
export interface Predicate<D> {
  readonly matches: Matches<D>;
  /** Relative to comparing one keyword, which is 1. Cheap predicates are evaluated first. */
  readonly cost: number;
  /** The result, if it is the same for every document. */
  readonly constant?: boolean;
  readonly requires?: readonly Requirement<D>[];
}

export function always<D>(constant: boolean): Predicate<D> {
  return { constant, cost: 0, matches: () => constant };
}

export function not<D>({ matches, cost, constant }: Predicate<D>): Predicate<D> {
  return constant === undefined ? { cost, matches: (document) => !matches(document) } : always(!constant);
}

export function and<D>(predicates: readonly Predicate<D>[]): Predicate<D> {
  if (predicates.some(({ constant }) => constant === false)) return always(false);
  const joined = join(predicates, true, (all) => (document) => {
    for (const matches of all) if (!matches(document)) return false;
    return true;
  });
  return { ...joined, requires: predicates.flatMap(({ requires }) => requires ?? []) };
}

export function or<D>(predicates: readonly Predicate<D>[]): Predicate<D> {
  if (predicates.some(({ constant }) => constant === true)) return always(true);
  return join(predicates, false, (all) => (document) => {
    for (const matches of all) if (matches(document)) return true;
    return false;
  });
}

/** @param neutral - the result of no predicates at all; constants that equal it are dropped */
function join<D>(
  predicates: readonly Predicate<D>[],
  neutral: boolean,
  combine: (all: readonly Matches<D>[]) => Matches<D>,
): Predicate<D> {
  const variable = predicates
    .filter(({ constant }) => constant === undefined)
    .sort((a, b) => a.cost - b.cost);
  const [first] = variable;
  if (first === undefined) return always(neutral);
  if (variable.length === 1) return first;
  const cost = variable.reduce((sum, predicate) => sum + predicate.cost, 0);
  return { cost, matches: combine(variable.map(({ matches }) => matches)) };
}
