/** How Elasticsearch would index a field; `object` has fields below it and no value of its own. */
export type FieldType = 'keyword' | 'text' | 'integer' | 'date' | 'boolean' | 'ip' | 'nested' | 'object';

/** One field of a document `D`. */
export interface Field<D> {
  readonly name: string;
  readonly type: FieldType;
  /** False if the name is in no field table: the compiler warns. */
  readonly known: boolean;
  /**
   * The field's values: arrays flattened, objects in arrays flattened, empty values (null, "", [], {}) removed.
   * Elements are strings, numbers or booleans; for `nested` and `object` they are objects.
   */
  read(document: D): readonly unknown[];
  /** True if it never has fields below it. */
  readonly leaf: boolean;
  /** The cost of reading it, relative to comparing a keyword. @default 0 */
  readonly readCost?: number;
  /** No document has two values. */
  readonly isSingle?: boolean;
  /** The values that it can have, if it has one. */
  readonly possible?: readonly string[];
  /** Every document has exactly this value. */
  readonly constant?: string;
  /**
   * Every value is in the text of the record as it is, so prefilter literals can come from it. False for a value that is
   * computed, and for one that comes from elsewhere.
   */
  readonly isVerbatim: boolean;
  /** Keys from the event to the values. Two names with the same path have the same values. */
  readonly path?: readonly string[];
}

/** What the compiler knows about the documents. */
export interface Schema<D> {
  /** Resolves any name without a wildcard; an unknown name is read as a path. */
  field(name: string): Field<D>;
  /** The fields of the table, for wildcards in field names and fieldless terms. */
  readonly known: readonly Field<D>[];
  /** Every field with a value in this document, known or not: leaves only. */
  present(document: D): Iterable<Field<D>>;
  /** The fields of one object of a nested field, by names relative to it. */
  inside(field: Field<D>): Schema<unknown>;
}
