/** The name of which `key` is a misspelling: other case or hyphens, or one letter missing, added, changed or swapped. */
export function nearMiss<T extends string>(key: string, names: readonly T[]): T | undefined {
  return names.find((name) => isOneEditApart(letters(key), letters(name)));
}

function letters(name: string): string {
  return name.replace(/[-_]/g, '').toLowerCase();
}

/** Whether at most one letter has to be added, removed, changed, or swapped with its neighbor. */
function isOneEditApart(a: string, b: string): boolean {
  if (a === b) return true;
  if (a.length > b.length) return isOneEditApart(b, a);
  const at = [...a].findIndex((letter, index) => letter !== b[index]);
  const [restA, restB] = at === -1 ? ['', b.slice(a.length)] : [a.slice(at), b.slice(at)];
  const isAdded = restA === restB.slice(1);
  const isChanged = restA.slice(1) === restB.slice(1) && restA.length === restB.length;
  const isSwapped =
    restA.slice(2) === restB.slice(2) && restA[0] === restB[1] && restA[1] === restB[0] && restA.length > 1;
  return isAdded || isChanged || isSwapped;
}
