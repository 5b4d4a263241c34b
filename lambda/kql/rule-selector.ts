import { type FieldCache, fieldKey, type Read } from './field-cache.ts';
import type { Requirement } from './predicate.ts';

/** The indexes, ascending, of the queries that can match a document at all. */
export type RuleSelector<D> = (document: D) => readonly number[];

/** A field, read through the cache, that has one of these values in every document that a query matches. */
interface RequiredField<D> {
  readonly key: string;
  readonly read: Read<D>;
  readonly values: ReadonlySet<string>;
}

/** A query with the required fields that no lookup has used yet, one entry per field. */
interface Entry<D> {
  readonly index: number;
  readonly fields: readonly RequiredField<D>[];
}

/** A third lookup would exclude few more queries, and each multiplies the tables that a cold start builds. */
const maxLookups = 2;

/**
 * A query that requires a keyword field to have one of some values is evaluated only on documents where it does. The
 * queries that remain for a value are divided by one more field: first by resource, then by verb.
 * @param requirements - of each query, in order
 */
export function createRuleSelector<D>(
  requirements: readonly (readonly Requirement<D>[])[],
  cache: FieldCache<D>,
): RuleSelector<D> {
  const requiredFields = (list: readonly Requirement<D>[]) => {
    const byKey = new Map<string, RequiredField<D>>();
    for (const { field, values } of list) {
      const key = fieldKey(field);
      byKey.set(key, { key, read: cache.reader(field), values: new Set(values) });
    }
    return [...byKey.values()];
  };
  return selectAmong(
    requirements.map((list, index) => ({ index, fields: requiredFields(list) })),
    maxLookups,
  );
}

function selectAmong<D>(entries: readonly Entry<D>[], lookups: number): RuleSelector<D> {
  // evaluating a single query costs no more than another lookup
  const key = entries.length < 2 || lookups === 0 ? undefined : mostSelective(entries);
  if (key === undefined) {
    const all = entries.map(({ index }) => index);
    return () => all;
  }
  const without = entries.filter(({ fields }) => fields.every((field) => field.key !== key));
  const selectWithout = selectAmong(without, lookups);
  const { read, byValue } = createLookup(entries, key, lookups - 1);
  return (document) => {
    let selected = selectWithout(document);
    for (const value of read(document)) {
      const found = byValue.get(String(value))?.(document);
      if (found !== undefined && found.length > 0) selected = merge(selected, found);
    }
    return selected;
  };
}

interface Lookup<D> {
  readonly read: Read<D>;
  readonly byValue: ReadonlyMap<string, RuleSelector<D>>;
}

/** For each value of a field, the selector among the queries that require it. */
function createLookup<D>(entries: readonly Entry<D>[], key: string, lookups: number): Lookup<D> {
  let read: Read<D> = () => [];
  const remaining = new Map<string, Entry<D>[]>();
  for (const { index, fields } of entries) {
    const used = fields.find((field) => field.key === key);
    if (used === undefined) continue;
    read = used.read;
    const entry = { index, fields: fields.filter((field) => field !== used) };
    for (const value of used.values) {
      const list = remaining.get(value);
      if (list) list.push(entry);
      else remaining.set(value, [entry]);
    }
  }
  // values with the same remaining queries share one selector, so that long lists of values stay small
  const shared = new Map<string, RuleSelector<D>>();
  const selectorOf = (list: readonly Entry<D>[]) => {
    const indexes = list.map(({ index }) => index).join();
    const selector = shared.get(indexes) ?? selectAmong(list, lookups);
    shared.set(indexes, selector);
    return selector;
  };
  return { read, byValue: new Map([...remaining].map(([value, list]) => [value, selectorOf(list)])) };
}

function merge(a: readonly number[], b: readonly number[]): readonly number[] {
  if (a.length === 0) return b;
  return [...new Set([...a, ...b])].sort((x, y) => x - y);
}

/** The field that most queries require; of several, the one with the most distinct values. */
function mostSelective<D>(entries: readonly Entry<D>[]): string | undefined {
  const ranked = [
    ...Map.groupBy(
      entries.flatMap(({ fields }) => fields),
      ({ key }) => key,
    ),
  ].sort(([, a], [, b]) => b.length - a.length || distinctValues(b) - distinctValues(a));
  return ranked[0]?.[0];
}

function distinctValues<D>(fields: readonly RequiredField<D>[]): number {
  return new Set(fields.flatMap(({ values }) => [...values])).size;
}
