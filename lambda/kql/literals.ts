import type { Schema } from './schema.ts';
import type { Literal, Query } from './tree.ts';

/**
 * Strings of which one stands, as bytes, in the text of every record that a query can match;
 * `null` where there are none, `[]` where nothing can match. No writer of JSON escapes the characters
 * used, so they survive JSON inside JSON; only a text that escapes letters on purpose hides them.
 */
export type Literals = readonly string[] | null;

/** Runs of characters that no JSON writer escapes. */
const safeRun = /[A-Za-z0-9_.:-]+/g;
/** Shorter strings stand everywhere. */
const shortest = 4;
/** Each is searched for by itself: with more of them, parsing every record is the quicker way. */
const most = 24;

/**
 * The literals of several queries: a record is a candidate for any of them. Of what a query must hold the sharpest
 * is searched for, but where another query needs a literal anyway that one is, and costs nothing more.
 */
export function literals<D>(queries: readonly Query[], schema: Schema<D>): Literals {
  const options = queries.map((query) => optionsOf(query, schema));
  const chosen = options.map(sharpest);
  for (const [index, sets] of options.entries()) {
    const others = new Set(chosen.flatMap((set, other) => (other === index || set === null ? [] : set)));
    const shared = sets.filter((set) => set.every((literal) => others.has(literal)));
    if (shared.length > 0) chosen[index] = sharpest(shared);
  }
  return union(chosen);
}

/** Sets of which each alone would do; none where nothing is sure to stand in a record. */
function optionsOf<D>(query: Query, schema: Schema<D>): readonly NonNullable<Literals>[] {
  switch (query.kind) {
    case 'or': {
      const all = union(query.children.map((child) => sharpest(optionsOf(child, schema))));
      return all === null ? [] : [all];
    }
    case 'and':
      return query.children.flatMap((child) => optionsOf(child, schema));
    case 'is': {
      if (query.field?.kind !== 'text') return [];
      const field = schema.field(query.field.text);
      if (field.type !== 'keyword' || !field.raw) return [];
      const found = literalsIn(query.value);
      return found === null ? [] : [found];
    }
    case 'everything':
    case 'not':
    case 'range':
    case 'nested':
      return [];
  }
}

function literalsIn(value: Literal): Literals {
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

/** Without those that hold another; `null` where there are too many. */
function union(sets: readonly Literals[]): Literals {
  const all = new Set<string>();
  for (const set of sets) {
    if (set === null) return null;
    for (const literal of set) all.add(literal);
  }
  const distinct = [...all];
  if (distinct.length > most * most) return null;
  const needed = distinct.filter(
    (literal) => !distinct.some((other) => other !== literal && literal.includes(other)),
  );
  return needed.length > most ? null : needed;
}

/** Of sets that all must hit, the one that hits least often: its shortest literal is the longest. */
function sharpest(sets: readonly NonNullable<Literals>[]): Literals {
  return sets.reduce<Literals>(
    (best, set) => (best === null || shortestLength(set) > shortestLength(best) ? set : best),
    null,
  );
}

function shortestLength(set: readonly string[]): number {
  return Math.min(...set.map((literal) => literal.length));
}
