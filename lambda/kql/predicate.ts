import type { Field } from './schema.ts';

export type Predicate<D> = (document: D) => boolean;

/** A keyword field that must be one of some texts where a predicate holds. */
export interface Requirement<D> {
  readonly field: Field<D>;
  readonly texts: readonly string[];
}

/** A predicate, what it costs to ask, so that the cheap ones go first, and its answer where it is decided. */
export interface Step<D> {
  readonly matches: Predicate<D>;
  /** Relative: comparing one keyword is 1. */
  readonly cost: number;
  readonly constant?: boolean;
  readonly requires?: readonly Requirement<D>[];
}

export function decided<D>(constant: boolean): Step<D> {
  return { constant, cost: 0, matches: () => constant };
}

export function negated<D>({ matches, cost, constant }: Step<D>): Step<D> {
  return constant === undefined ? { cost, matches: (document) => !matches(document) } : decided(!constant);
}

export function both<D>(steps: readonly Step<D>[]): Step<D> {
  if (steps.some((step) => step.constant === false)) return decided(false);
  const joint = joined(steps, true, (predicates) => (document) => {
    for (const matches of predicates) if (!matches(document)) return false;
    return true;
  });
  return { ...joint, requires: steps.flatMap(({ requires }) => requires ?? []) };
}

export function either<D>(steps: readonly Step<D>[]): Step<D> {
  if (steps.some((step) => step.constant === true)) return decided(true);
  return joined(steps, false, (predicates) => (document) => {
    for (const matches of predicates) if (matches(document)) return true;
    return false;
  });
}

function joined<D>(
  steps: readonly Step<D>[],
  neutral: boolean,
  join: (predicates: readonly Predicate<D>[]) => Predicate<D>,
): Step<D> {
  const asked = steps.filter((step) => step.constant === undefined).sort((a, b) => a.cost - b.cost);
  const [only] = asked;
  if (only === undefined) return decided(neutral);
  if (asked.length === 1) return only;
  const cost = asked.reduce((sum, step) => sum + step.cost, 0);
  return { cost, matches: join(asked.map((step) => step.matches)) };
}
