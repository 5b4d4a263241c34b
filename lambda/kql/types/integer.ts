import { comparing, ok, textOf, unreadable, type ValueType } from './type.ts';

const decimal = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** A value's fraction is cut off, as Elasticsearch coerces it; a query's is not, so `200.5` equals nothing. */
export const integer: ValueType = {
  present: (value) => integerOf(value) !== undefined,
  equal(literal) {
    const text = textOf(literal);
    const wanted = numberOf(text);
    if (wanted === undefined) return unreadable(text, 'an integer');
    return ok((value) => integerOf(value) === wanted);
  },
  ordered(operator, text) {
    const bound = numberOf(text);
    return bound === undefined ? unreadable(text, 'an integer') : ok(comparing(operator, integerOf, bound));
  },
};

function numberOf(value: unknown): number | undefined {
  if (typeof value === 'string') return decimal.test(value) ? Number(value) : undefined;
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

function integerOf(value: unknown): number | undefined {
  const number = numberOf(value);
  return number === undefined ? undefined : Math.trunc(number);
}
