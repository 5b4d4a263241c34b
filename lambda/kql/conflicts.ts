import type { Problem } from './error.ts';
import { fieldKey } from './field-cache.ts';
import type { Requirement } from './predicate.ts';
import { print } from './print.ts';
import { offsetOf, type Query } from './tree.ts';

/** Warnings about a field of one value that is required to have two: `verb:create and verb:delete`. */
export function conflicts<D>(requirements: readonly Requirement<D>[]): Problem[] {
  const singles = requirements.filter(({ field }) => field.isSingle);
  const byField = Map.groupBy(singles, ({ field }) => fieldKey(field));
  return [...byField.values()].flatMap((list) => {
    let possible = new Set(list[0]?.values);
    const conflict = list.find(({ values }) => {
      possible = possible.intersection(new Set(values));
      return possible.size === 0;
    });
    if (conflict === undefined) return [];
    const message = `this can never match: another condition requires a different value of ${conflict.field.name}`;
    return [{ message, offset: conflict.offset }];
  });
}

/** Warnings about a condition that is required both to match and not to match: `a:x and not a:x`. */
export function contradictions(children: readonly Query[]): Problem[] {
  const negated = children.flatMap((child) => (child.kind === 'not' ? [child.child] : []));
  if (negated.length === 0) return [];
  const required = new Set(children.map(print));
  return negated
    .filter((child) => required.has(print(child)))
    .map((child) => ({
      message: 'this can never match: the same condition is required and excluded',
      offset: offsetOf(child),
    }));
}
