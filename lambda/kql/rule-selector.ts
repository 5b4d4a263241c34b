import { type FieldCache, placeOf, type Read } from './field-cache.ts';
import type { Requirement } from './predicate.ts';

/** Which of several queries a document can match at all: their indexes, ascending. */
type Selection<D> = (document: D) => readonly number[];

/** A place in the documents that holds one of some texts wherever the query matches. */
interface Hold<D> {
  readonly place: string;
  readonly read: Read<D>;
  readonly texts: ReadonlySet<string>;
}

/** One after another; a third would find little left, and each multiplies the tables that a cold start makes. */
const mostLookUps = 2;

/** A query that is still to be told from others, and what of it wasn't used for that yet: a hold a place. */
interface Candidate<D> {
  readonly index: number;
  readonly holds: readonly Hold<D>[];
}

/**
 * Queries that hold a keyword field to some texts are asked only of documents where it is one of them. Those that
 * one text leaves are told apart by one more field: by resource, then by verb.
 * @param requirements - of each query, in order
 */
export function selection<D>(
  requirements: readonly (readonly Requirement<D>[])[],
  sharing: FieldCache<D>,
): Selection<D> {
  const holds = (list: readonly Requirement<D>[]) => {
    const byPlace = new Map<string, Hold<D>>();
    for (const { field, texts } of list) {
      const place = placeOf(field);
      byPlace.set(place, { place, read: sharing.read(field), texts: new Set(texts) });
    }
    return [...byPlace.values()];
  };
  return among(
    requirements.map((list, index) => ({ index, holds: holds(list) })),
    mostLookUps,
  );
}

function among<D>(candidates: readonly Candidate<D>[], lookUps: number): Selection<D> {
  // a query alone is asked at once: that costs no more than looking further
  const place = candidates.length < 2 || lookUps === 0 ? undefined : sharpest(candidates);
  if (place === undefined) {
    const all = candidates.map(({ index }) => index);
    return () => all;
  }
  const free = candidates.filter(({ holds }) => holds.every((hold) => hold.place !== place));
  const others = among(free, lookUps);
  const { read, byText } = lookUp(candidates, place, lookUps - 1);
  return (document) => {
    let chosen = others(document);
    for (const value of read(document)) {
      const found = byText.get(typeof value === 'string' ? value : String(value))?.(document);
      if (found !== undefined && found.length > 0) chosen = merged(chosen, found);
    }
    return chosen;
  };
}

interface LookUp<D> {
  readonly read: Read<D>;
  readonly byText: ReadonlyMap<string, Selection<D>>;
}

/** For each text at the place, the selection among the queries that it leaves. */
function lookUp<D>(candidates: readonly Candidate<D>[], place: string, lookUps: number): LookUp<D> {
  let read: Read<D> = () => [];
  const left = new Map<string, Candidate<D>[]>();
  for (const { index, holds } of candidates) {
    const used = holds.find((hold) => hold.place === place);
    if (used === undefined) continue;
    read = used.read;
    const candidate = { index, holds: holds.filter((hold) => hold !== used) };
    for (const text of used.texts) {
      const list = left.get(text);
      if (list) list.push(candidate);
      else left.set(text, [candidate]);
    }
  }
  // texts that leave the same queries share what comes after, so that long lists of texts stay small
  const made = new Map<string, Selection<D>>();
  const after = (list: readonly Candidate<D>[]) => {
    const key = list.map(({ index }) => index).join();
    const selection = made.get(key) ?? among(list, lookUps);
    made.set(key, selection);
    return selection;
  };
  return { read, byText: new Map([...left].map(([text, list]) => [text, after(list)])) };
}

function merged(a: readonly number[], b: readonly number[]): readonly number[] {
  if (a.length === 0) return b;
  return [...new Set([...a, ...b])].sort((x, y) => x - y);
}

/** The place that holds the most queries, and of those the one that tells the most texts apart. */
function sharpest<D>(candidates: readonly Candidate<D>[]): string | undefined {
  const ranked = [
    ...Map.groupBy(
      candidates.flatMap(({ holds }) => holds),
      ({ place }) => place,
    ),
  ].sort(([, a], [, b]) => b.length - a.length || distinctTexts(b) - distinctTexts(a));
  return ranked[0]?.[0];
}

function distinctTexts<D>(holds: readonly Hold<D>[]): number {
  return new Set(holds.flatMap(({ texts }) => [...texts])).size;
}
