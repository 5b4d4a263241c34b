import type { Sharing } from './sharing.ts';
import type { Requirement } from './step.ts';

/**
 * Which of several queries a document can match at all: those that hold one keyword field to some texts are
 * asked only of documents where it is one of them.
 * @param requirements - of each query, in order
 * @returns indexes of the queries worth asking, ascending
 */
export function selection<D>(
  requirements: readonly (readonly Requirement<D>[])[],
  sharing: Sharing<D>,
): (document: D) => readonly number[] {
  const all = requirements.map((_, index) => index);
  const best = sharpest(requirements.flat());
  if (best === undefined) return () => all;
  const read = sharing.read(best);
  const held = requirements.map((list) => list.find(({ field }) => field.name === best.name)?.texts);
  const always = all.filter((index) => held[index] === undefined);
  const byText = new Map<string, readonly number[]>();
  for (const text of new Set(held.flatMap((texts) => texts ?? []))) {
    byText.set(
      text,
      all.filter((index) => held[index]?.includes(text) ?? true),
    );
  }
  return (document) => {
    const values = read(document);
    if (values.length === 1) return byText.get(String(values[0])) ?? always;
    if (values.length === 0) return always;
    const indexes = new Set(values.flatMap((value) => byText.get(String(value)) ?? always));
    return all.filter((index) => indexes.has(index));
  };
}

/** The field that holds the most queries, and of those the one that tells the most texts apart. */
function sharpest<D>(all: readonly Requirement<D>[]) {
  const fields = Map.groupBy(all, ({ field }) => field.name);
  const ranked = [...fields.values()].sort(
    (a, b) => b.length - a.length || distinctTexts(b) - distinctTexts(a),
  );
  return ranked[0]?.[0]?.field;
}

function distinctTexts<D>(requirements: readonly Requirement<D>[]): number {
  return new Set(requirements.flatMap(({ texts }) => texts)).size;
}
