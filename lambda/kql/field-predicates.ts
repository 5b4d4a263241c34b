import type { FieldCache } from './field-cache.ts';
import { decided, either, type Step } from './predicate.ts';
import type { Field, FieldType, Schema } from './schema.ts';
import { ok, type Test, type TestResult } from './types/type.ts';
import { types } from './types/types.ts';
import { matchesWildcard } from './wildcard.ts';

/** What is asked of a field, as its type can be asked it. */
export type Question = (type: FieldType) => TestResult;

/** Whether a value is there. */
export const exists: Question = (type) => ok(types[type].present);

/** What a test of each type costs, where comparing a keyword is 1: dates and addresses are parsed, texts split. */
const testCosts: Readonly<Record<FieldType, number>> = {
  keyword: 1,
  integer: 1,
  boolean: 1,
  date: 6,
  ip: 4,
  text: 10,
  nested: 1,
  object: 1,
};
/** Looking through everything that a document holds. */
const presentCost = 100;

/** Steps that ask the fields of documents. */
export class FieldPredicates<D> {
  private readonly schema: Schema<D>;
  private readonly sharing: FieldCache<D>;

  constructor(schema: Schema<D>, sharing: FieldCache<D>) {
    this.schema = schema;
    this.sharing = sharing;
  }

  /** One of the field's values passes. */
  values(field: Field<D>, test: Test): Step<D> {
    if (field.constant !== undefined) return decided(test(field.constant));
    const read = this.sharing.read(field);
    return {
      cost: testCosts[field.type] + (field.readCost ?? 0),
      matches: (document) => {
        for (const value of read(document)) if (test(value)) return true;
        return false;
      },
    };
  }

  /** A value of its own, or, for an object, a field below it that has one. */
  presence(field: Field<D>): Step<D> {
    const own = this.values(field, types[field.type].present);
    if (field.leaf) return own;
    const below = `${field.name}.`;
    const read = this.sharing.read(field);
    const isObject = (document: D) => read(document).some((value) => typeof value === 'object');
    return either([own, this.among((name) => name.startsWith(below), exists, isObject)]);
  }

  /** Every field that fits a pattern, known or present. */
  fitting(parts: readonly string[], question: Question): Step<D> {
    return this.among((name) => matchesWildcard(parts, name), question);
  }

  /**
   * One of the fields that are known or present passes. A value that is unreadable as the type of one of them just
   * doesn't match that one.
   * @param isWorthwhile - whether a document can have others than the known ones
   */
  private among(
    fits: (name: string) => boolean,
    question: Question,
    isWorthwhile: (document: D) => boolean = () => true,
  ): Step<D> {
    const tests = new Map<FieldType, Test | undefined>();
    const testOf = (type: FieldType) => {
      if (!tests.has(type)) {
        const result = question(type);
        tests.set(type, result.ok ? result.test : undefined);
      }
      return tests.get(type);
    };
    const known = this.schema.known.flatMap((field) => {
      const test = fits(field.name) ? testOf(field.type) : undefined;
      return test ? [this.values(field, test)] : [];
    });
    const present: Step<D> = {
      cost: presentCost,
      matches: (document) => {
        if (!isWorthwhile(document)) return false;
        for (const field of this.schema.present(document)) {
          const test = fits(field.name) ? testOf(field.type) : undefined;
          if (test && field.read(document).some(test)) return true;
        }
        return false;
      },
    };
    return either([...known, present]);
  }
}
