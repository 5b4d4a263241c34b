import { type DateExpression, parseDateExpression, parseInstant } from '../date-expression.ts';
import type { RangeOperator } from '../tree.ts';
import { accepted, ok, textOf, unreadable, type ValueType } from './type.ts';

/** A value is a point in time; a query's date is the whole of its smallest given unit, or of the unit it rounds to. */
export const date: ValueType = {
  present: (value) => parseInstant(value) !== undefined,
  equal(literal, clock) {
    const text = textOf(literal);
    const wanted = parseDateExpression(text);
    if (wanted === undefined) return unreadable(text, 'a date');
    return ok((value) => {
      const found = parseInstant(value);
      if (found === undefined) return false;
      const now = clock();
      return found >= wanted.start(now) && found <= wanted.end(now);
    });
  },
  ordered(operator, text, clock) {
    const bound = parseDateExpression(text);
    if (bound === undefined) return unreadable(text, 'a date');
    const accepts = accepted[operator];
    return ok((value) => {
      const found = parseInstant(value);
      return found !== undefined && accepts(found - edge(bound, operator, clock()));
    });
  },
};

/** `>` is after the unit's end, `>=` from its start, `<` before its start, `<=` up to its end. */
function edge(bound: DateExpression, operator: RangeOperator, now: number): number {
  return operator === '>' || operator === '<=' ? bound.end(now) : bound.start(now);
}
