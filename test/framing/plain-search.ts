import type { SearchedText } from '../../lambda/framing/search-patterns.ts';

/** Whether a candidate begins at a place, by the definition and without any search. */
export function isCandidateAt(literals: readonly SearchedText[], bytes: Buffer, at: number): boolean {
  const text = bytes.toString('latin1', at);
  const anyCase = literals.flatMap((literal) => (typeof literal === 'string' ? [] : [literal.ignoreCase]));
  const characters = literals
    .map((literal) =>
      typeof literal === 'string' ? literal : literal.ignoreCase + literal.ignoreCase.toUpperCase(),
    )
    .join('');
  const isOf = (hex: string | undefined, wanted: string) =>
    hex !== undefined && wanted.includes(String.fromCharCode(Number.parseInt(hex, 16)));
  return (
    literals.some((literal) => typeof literal === 'string' && text.startsWith(literal)) ||
    anyCase.some((literal) => text.slice(0, literal.length).toLowerCase() === literal) ||
    (anyCase.length > 0 && /^(?:\xe2\x84\xaa|\xc4\xb0|\\u212[aA]|\\u0130)/.test(text)) ||
    isOf(/^\\u00([\da-f]{2})/i.exec(text)?.[1], `${characters}\\`) ||
    isOf(/^%([\da-f]{2})/i.exec(text)?.[1], characters)
  );
}
