import type { Schema } from './schema.ts';
import type { Literal, Query } from './tree.ts';

/**
 * Strings of which one stands, as bytes, in the text of every record that a query can match;
 * `null` where there are none, `[]` where nothing can match. No writer of JSON escapes the characters
 * used, so they survive JSON inside JSON; only a text that escapes letters on purpose hides them.
 */
export type Needles = readonly string[] | null;

/** Runs of characters that no JSON writer escapes. */
const safeRun = /[A-Za-z0-9_.:-]+/g;
/** Shorter strings stand everywhere. */
const shortest = 4;

/** The needles of several queries: a record is a candidate for any of them. */
export function needles<D>(queries: readonly Query[], schema: Schema<D>): Needles {
  const all = union(queries.map((query) => needlesOf(query, schema)));
  return all?.filter((needle) => !all.some((other) => other !== needle && needle.includes(other))) ?? null;
}

function needlesOf<D>(query: Query, schema: Schema<D>): Needles {
  switch (query.kind) {
    case 'or':
      return union(query.children.map((child) => needlesOf(child, schema)));
    case 'and':
      return query.children.map((child) => needlesOf(child, schema)).reduce(sharper, null);
    case 'is': {
      if (query.field?.kind !== 'text') return null;
      const field = schema.field(query.field.text);
      if (field.type !== 'keyword' || !field.raw) return null;
      return needlesIn(query.value);
    }
    case 'everything':
    case 'not':
    case 'range':
    case 'nested':
      return null;
  }
}

function needlesIn(value: Literal): Needles {
  if (couldBeNumber(value)) return null;
  const runs = textsOf(value).flatMap((text) => text.match(safeRun) ?? []);
  const longest = runs.reduce((best, run) => (run.length > best.length ? run : best), '');
  return longest.length >= shortest ? [longest] : null;
}

/** A number may be written in several ways, 100 as 1e2: its text is not what stands in the record. */
export function couldBeNumber(value: Literal): boolean {
  return textsOf(value).every((text) => /^[-+.\deE]*$/.test(text));
}

function textsOf(value: Literal): readonly string[] {
  switch (value.kind) {
    case 'text':
      return [value.text];
    case 'wildcard':
      return value.parts;
    case 'boolean':
    case 'null':
      return [];
  }
}

function union(sets: readonly Needles[]): Needles {
  const all = new Set<string>();
  for (const set of sets) {
    if (set === null) return null;
    for (const needle of set) all.add(needle);
  }
  return [...all];
}

/** Of two sets that both must hit, the one that hits less often: its shortest needle is longer. */
function sharper(a: Needles, b: Needles): Needles {
  if (a === null || b === null) return a ?? b;
  return shortestLength(b) > shortestLength(a) ? b : a;
}

function shortestLength(set: readonly string[]): number {
  return Math.min(...set.map((needle) => needle.length));
}
