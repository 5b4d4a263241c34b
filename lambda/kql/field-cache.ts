import type { Field } from './schema.ts';

export type Read<D> = (document: D) => readonly unknown[];

/** How the queries of one set read fields. */
export interface FieldCache<D> {
  read(field: Field<D>): Read<D>;
}

/** Every query reads for itself. */
export function directly<D>(): FieldCache<D> {
  return { read: (field) => (document) => field.read(document) };
}

/**
 * A field that several queries of a set ask for is read once a document. The last document is known by its
 * identity, so it must not change while it is asked about.
 */
export function readOnce<D>(): FieldCache<D> {
  const readers = new Map<string, Read<D>>();
  return {
    read(field) {
      const known = readers.get(placeOf(field));
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
      readers.set(placeOf(field), read);
      return read;
    },
  };
}

/** Two names of one place in the event, as an ECS field and its original, are read as one. */
export function placeOf<D>({ name, raw }: Field<D>): string {
  return raw ? JSON.stringify(raw.path) : name;
}
