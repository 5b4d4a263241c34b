import { placeOf, type Sharing } from './sharing.ts';
import type { Requirement } from './step.ts';

/** Queries by the text that one field must be. */
interface Table<D> {
  readonly read: (document: D) => readonly unknown[];
  readonly byText: ReadonlyMap<string, readonly number[]>;
}

/**
 * Which of several queries a document can match at all: those that hold a keyword field to some texts are asked
 * only of documents where it is one of them.
 * @param requirements - of each query, in order
 * @returns indexes of the queries worth asking, ascending
 */
export function selection<D>(
  requirements: readonly (readonly Requirement<D>[])[],
  sharing: Sharing<D>,
): (document: D) => readonly number[] {
  const tables: Table<D>[] = [];
  let left = requirements.map((list, index) => ({ list, index }));
  for (;;) {
    const name = sharpest(left.flatMap(({ list }) => list));
    if (name === undefined) break;
    const held = left.flatMap(({ list, index }) => {
      const requirement = list.find(({ field }) => placeOf(field) === name);
      return requirement ? [{ requirement, index }] : [];
    });
    const [first] = held;
    if (first === undefined) break;
    tables.push({ read: sharing.read(first.requirement.field), byText: byText(held) });
    left = left.filter(({ index }) => !held.some((one) => one.index === index));
  }
  const always = left.map(({ index }) => index);
  return (document) => {
    let chosen: readonly number[] = always;
    for (const { read, byText } of tables) {
      for (const value of read(document)) {
        const found = byText.get(String(value));
        if (found) chosen = chosen.length === 0 ? found : merged(chosen, found);
      }
    }
    return chosen;
  };
}

function byText<D>(held: readonly { requirement: Requirement<D>; index: number }[]) {
  const lists = new Map<string, number[]>();
  for (const { requirement, index } of held) {
    for (const text of new Set(requirement.texts)) lists.set(text, [...(lists.get(text) ?? []), index]);
  }
  return lists;
}

function merged(a: readonly number[], b: readonly number[]): readonly number[] {
  return [...new Set([...a, ...b])].sort((x, y) => x - y);
}

/** The field that holds the most queries, and of those the one that tells the most texts apart. */
function sharpest<D>(all: readonly Requirement<D>[]): string | undefined {
  const ranked = [...Map.groupBy(all, ({ field }) => placeOf(field))].sort(
    ([, a], [, b]) => b.length - a.length || distinctTexts(b) - distinctTexts(a),
  );
  return ranked[0]?.[0];
}

function distinctTexts<D>(requirements: readonly Requirement<D>[]): number {
  return new Set(requirements.flatMap(({ texts }) => texts)).size;
}
