import type { FieldCache } from './field-cache.ts';
import { always, or, type Predicate } from './predicate.ts';
import type { Field, FieldType, Schema } from './schema.ts';
import { ok, type Test, type TestResult } from './types/type.ts';
import { types } from './types/types.ts';
import { matchesWildcard } from './wildcard.ts';

/** A test for a field of each type. */
export type TypedTest = (type: FieldType) => TestResult;

/** Whether the field has a value. */
export const exists: TypedTest = (type) => ok(types[type].present);

/** The cost of a test, relative to comparing a keyword: dates and addresses are parsed, texts are split into words. */
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
/** The cost of a test that visits every field of the document. */
const presentCost = 100;

/** Predicates on the fields of documents. */
export class FieldPredicates<D> {
  private readonly schema: Schema<D>;
  private readonly cache: FieldCache<D>;

  constructor(schema: Schema<D>, cache: FieldCache<D>) {
    this.schema = schema;
    this.cache = cache;
  }

  /** One of the field's values passes the test. */
  values(field: Field<D>, test: Test): Predicate<D> {
    if (field.constant !== undefined) return always(test(field.constant));
    const read = this.cache.reader(field);
    return {
      cost: testCosts[field.type] + (field.readCost ?? 0),
      matches: (document) => {
        for (const value of read(document)) if (test(value)) return true;
        return false;
      },
    };
  }

  /** The field has a value or, for an object, a field below it has one. */
  presence(field: Field<D>): Predicate<D> {
    const own = this.values(field, types[field.type].present);
    if (field.leaf) return own;
    const below = `${field.name}.`;
    const read = this.cache.reader(field);
    const isObject = (document: D) => read(document).some((value) => typeof value === 'object');
    return or([own, this.among((name) => name.startsWith(below), exists, isObject)]);
  }

  /** One of the fields whose names match a pattern passes, known or present. */
  matching(parts: readonly string[], typedTest: TypedTest): Predicate<D> {
    return this.among((name) => matchesWildcard(parts, name), typedTest);
  }

  /**
   * One of the fields that are known or present passes. A query value that is not of a field's type does not match
   * that field and is no error.
   * @param canHaveOthers - whether a document can have fields that are not known
   */
  private among(
    includes: (name: string) => boolean,
    typedTest: TypedTest,
    canHaveOthers: (document: D) => boolean = () => true,
  ): Predicate<D> {
    const tests = new Map<FieldType, Test | undefined>();
    const testOf = (type: FieldType) => {
      if (!tests.has(type)) {
        const result = typedTest(type);
        tests.set(type, result.ok ? result.test : undefined);
      }
      return tests.get(type);
    };
    const known = this.schema.known.flatMap((field) => {
      const test = includes(field.name) ? testOf(field.type) : undefined;
      return test ? [this.values(field, test)] : [];
    });
    const present: Predicate<D> = {
      cost: presentCost,
      matches: (document) => {
        if (!canHaveOthers(document)) return false;
        for (const field of this.schema.present(document)) {
          const test = includes(field.name) ? testOf(field.type) : undefined;
          if (test && field.read(document).some(test)) return true;
        }
        return false;
      },
    };
    return or([...known, present]);
  }
}
