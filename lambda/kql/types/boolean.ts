import { comparing, ok, textOf, unreadable, type ValueType } from './type.ts';

/** `true` and `false`, quoted or not; false comes before true. */
export const boolean: ValueType = {
  present: (value) => rank(value) !== undefined,
  equal(literal) {
    const text = textOf(literal);
    const wanted = rank(text);
    return wanted === undefined ? unreadable(text, 'a boolean') : ok((value) => rank(value) === wanted);
  },
  ordered(operator, text) {
    const bound = rank(text);
    return bound === undefined ? unreadable(text, 'a boolean') : ok(comparing(operator, rank, bound));
  },
};

function rank(value: unknown): 0 | 1 | undefined {
  if (value === true || value === 'true') return 1;
  return value === false || value === 'false' ? 0 : undefined;
}
