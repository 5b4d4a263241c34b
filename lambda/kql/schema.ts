/** How Elasticsearch would index a field; `object` has fields below it and no value of its own. */
export type FieldType = 'keyword' | 'text' | 'integer' | 'date' | 'boolean' | 'ip' | 'nested' | 'object';

/** One field of a document `D`. */
export interface Field<D> {
  readonly name: string;
  readonly type: FieldType;
  /** False where the name is in no table: the checker warns of it. */
  readonly known: boolean;
  /**
   * The field's values: arrays flattened, objects in arrays flattened, empties (null, "", [], {}) gone.
   * Elements are strings, numbers or booleans; for `nested` and `object` they are objects.
   */
  read(document: D): readonly unknown[];
  /** True where it never has fields below it. */
  readonly leaf: boolean;
  /** What reading it costs, where comparing a keyword costs 1. @default 0 */
  readonly readCost?: number;
  /** Every document has exactly this value. */
  readonly constant?: string;
  /**
   * Where the value stands in the raw event, verbatim: keys from the event's top, each a whole key.
   * Absent for a value that is worked out, so that no literal and no pattern comes from it.
   * `reachesArray` is true where the path leads to, or through, an array.
   */
  readonly raw?: { readonly path: readonly string[]; readonly reachesArray: boolean };
}

/** What the compiler knows of the documents. Implemented in `audit/fields.ts`. */
export interface Schema<D> {
  /** Resolves any name without a wildcard; an unknown one reads whatever path it names. */
  field(name: string): Field<D>;
  /** The fields of the table, by name, for field wildcards and fieldless terms. */
  readonly known: readonly Field<D>[];
  /** Every field with a value in this document, known or not: leaves only. */
  present(document: D): Iterable<Field<D>>;
  /** The fields of one object of a nested field, by names relative to it. */
  inside(field: Field<D>): Schema<unknown>;
}
