import type { Literal, RangeOperator } from '../tree.ts';

/** Whether one value of a field matches. */
export type Test = (value: unknown) => boolean;

export type TestResult =
  | { readonly ok: true; readonly test: Test }
  /** The literal is not a value of the type. */
  | { readonly ok: false; readonly message: string };

/** Milliseconds since the epoch, for dates relative to `now`. */
export type Clock = () => number;

/** What the operators mean for the values of one field type. */
export interface ValueType {
  /** Whether the field has a value: one that can't be read as its type is absent. */
  readonly present: Test;
  /** A test for `field:value`. `*` by itself is `present`. */
  equal(literal: Value, clock: Clock): TestResult;
  /** A test for `field > value` and the like. */
  ordered(operator: RangeOperator, text: string, clock: Clock): TestResult;
}

/** A literal that can match something: any but `null`. */
export type Value = Exclude<Literal, { kind: 'null' }>;

export const never: Test = () => false;

export function ok(test: Test): TestResult {
  return { ok: true, test };
}

export function unreadable(text: string, type: string): TestResult {
  return { ok: false, message: `${JSON.stringify(text)} can't be read as ${type}` };
}

/** The text of a literal, a pattern with its stars. */
export function textOf(literal: Literal): string {
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

/** True if the value can be read and the operator accepts its order. */
export function comparing<T extends string | number | bigint>(
  operator: RangeOperator,
  read: (value: unknown) => T | undefined,
  bound: T,
  compare: (value: T, bound: T) => number = natural,
): Test {
  const accepts = accepted[operator];
  return (value) => {
    const found = read(value);
    return found !== undefined && accepts(compare(found, bound));
  };
}

/** Which orders each operator accepts; negative if the value comes before the bound. */
export const accepted: Readonly<Record<RangeOperator, (order: number) => boolean>> = {
  '>': (order) => order > 0,
  '>=': (order) => order >= 0,
  '<': (order) => order < 0,
  '<=': (order) => order <= 0,
};

function natural<T extends string | number | bigint>(value: T, bound: T): number {
  return value < bound ? -1 : value > bound ? 1 : 0;
}

/** By code point: UTF-8 bytes sort as code points do, UTF-16 units don't. */
export function byCodePoint(value: string, bound: string): number {
  return surrogate.test(value) || surrogate.test(bound)
    ? Buffer.compare(Buffer.from(value), Buffer.from(bound))
    : natural(value, bound);
}

const surrogate = /[\ud800-\udfff]/;
