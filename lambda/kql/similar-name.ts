/**
 * The name that was probably meant: one that differs in case, ends with the given one, or differs in at most two
 * characters.
 */
export function similarName(name: string, known: readonly string[]): string | undefined {
  const wanted = name.toLowerCase();
  const ending = known.find((other) => `.${other.toLowerCase()}`.endsWith(`.${wanted}`));
  if (ending !== undefined) return ending;
  const [nearest] = known
    .map((other) => ({ other, distance: editDistance(wanted, other.toLowerCase()) }))
    .filter(({ distance }) => distance <= 2 && distance * 3 < wanted.length)
    .sort((a, b) => a.distance - b.distance);
  return nearest?.other;
}

/** Characters to insert, delete, replace or swap with their neighbor. Infinite if the lengths differ by more than 2. */
function editDistance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > 2) return Number.POSITIVE_INFINITY;
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = (last[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const swapped = isSwap ? (beforeLast[j - 2] ?? 0) + 1 : replaced;
      row.push(Math.min(replaced, swapped, (last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1));
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length] ?? 0;
}
