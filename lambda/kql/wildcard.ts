/**
 * Matches a whole value against the texts between the stars, in time linear in the value: each text is searched
 * for once, from the end of the one before it, without backtracking.
 * @param parts - at least two: `a*b` is `['a', 'b']`
 */
export function matchesWildcard(parts: readonly string[], value: string): boolean {
  const first = parts[0] ?? '';
  const last = parts[parts.length - 1] ?? '';
  if (value.length < first.length + last.length || !value.startsWith(first) || !value.endsWith(last))
    return false;
  const end = value.length - last.length;
  let from = first.length;
  for (let index = 1; index < parts.length - 1; index += 1) {
    const part = parts[index] ?? '';
    const found = value.indexOf(part, from);
    if (found < 0 || found + part.length > end) return false;
    from = found + part.length;
  }
  return true;
}
