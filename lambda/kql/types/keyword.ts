import { matchesWildcard } from '../wildcard.ts';
import { byCodePoint, comparing, ok, type Test, textOf, type Value, type ValueType } from './type.ts';

/** Keyword fields ignore longer values: Elastic's `ignore_above`. */
const maxCharacters = 1_024;

/** A value is compared whole and case-sensitively; a number or boolean by its text. */
export const keyword: ValueType = {
  present: (value) => keywordOf(value) !== undefined,
  equal(literal) {
    if (literal.kind === 'wildcard') {
      return ok((value) => {
        const text = keywordOf(value);
        return text !== undefined && matchesWildcard(literal.parts, text);
      });
    }
    const wanted = textOf(literal);
    return ok(
      wanted.length > maxCharacters
        ? () => false
        : (value) => value === wanted || otherText(value) === wanted,
    );
  },
  ordered: (operator, text) => ok(comparing(operator, keywordOf, text, byCodePoint)),
};

/** One test for a whole list: the value equals one of the texts or matches one of the patterns. */
export function anyOf(literals: readonly Value[]): Test {
  const texts = new Set<string>();
  const patterns: (readonly string[])[] = [];
  for (const literal of literals) {
    if (literal.kind === 'wildcard') patterns.push(literal.parts);
    else texts.add(textOf(literal));
  }
  return (value) => {
    const text = keywordOf(value);
    if (text === undefined) return false;
    if (texts.has(text)) return true;
    for (const parts of patterns) if (matchesWildcard(parts, text)) return true;
    return false;
  };
}

function keywordOf(value: unknown): string | undefined {
  const text = typeof value === 'string' ? value : otherText(value);
  return text === undefined || text.length > maxCharacters ? undefined : text;
}

/** The text of a number or boolean; a number too large to be read (`1e400`) has none. */
function otherText(value: unknown): string | undefined {
  return typeof value === 'boolean' || Number.isFinite(value) ? String(value) : undefined;
}
