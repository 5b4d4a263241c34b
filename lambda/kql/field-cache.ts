import type { Field } from './schema.ts';

export type Read<D> = (document: D) => readonly unknown[];

/** How the queries of one rule set read fields. */
export interface FieldCache<D> {
  reader(field: Field<D>): Read<D>;
}

/** For a single query: nothing is cached. */
export function noFieldCache<D>(): FieldCache<D> {
  return { reader: (field) => (document) => field.read(document) };
}

/**
 * For queries that are evaluated on the same documents: a field is read once per document. The last document is
 * recognized by identity, so it must not change between queries.
 */
export function createFieldCache<D>(): FieldCache<D> {
  const readers = new Map<string, Read<D>>();
  return {
    reader(field) {
      const key = fieldKey(field);
      const known = readers.get(key);
      if (known) return known;
      let last: D | undefined;
      let values: readonly unknown[] = [];
      const read: Read<D> = (document) => {
        if (document !== last) {
          values = field.read(document);
          last = document;
        }
        return values;
      };
      readers.set(key, read);
      return read;
    },
  };
}

/** Two names of one value in the event have the same key, such as an ECS field and its original. */
export function fieldKey<D>({ name, path }: Field<D>): string {
  return path ? JSON.stringify(path) : name;
}
