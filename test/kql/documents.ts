import type { Field, Schema } from '../../lambda/kql/schema.ts';

export type Flat = Readonly<Record<string, readonly unknown[]>>;

/** Flat documents with keyword fields, but for those whose name says their type. */
export const flatSchema: Schema<Flat> = {
  field: (name) => fieldNamed(name),
  known: ['a', 'b', 'text', 'integer', 'date', 'boolean', 'ip'].map((name) => fieldNamed(name)),
  inside: () => emptySchema,
  present: (document) => Object.keys(document).map((name) => fieldNamed(name)),
};

function fieldNamed(name: string): Field<Flat> {
  const typed = (['text', 'integer', 'date', 'boolean', 'ip'] as const).find((type) => type === name);
  return {
    name,
    type: typed ?? 'keyword',
    known: name.length < 8,
    leaf: true,
    read: (document) => (Object.hasOwn(document, name) ? (document[name] ?? []) : []),
    isVerbatim: true,
  };
}

/** Flat documents hold no objects. */
const emptySchema: Schema<unknown> = {
  field: (name) => ({ name, type: 'keyword', known: false, leaf: true, isVerbatim: false, read: () => [] }),
  known: [],
  present: () => [],
  inside: () => emptySchema,
};
