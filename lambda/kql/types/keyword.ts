import { matchesWildcard } from '../wildcard.ts';
import { byCodePoint, comparing, ok, type Test, type Value, type ValueType, written } from './type.ts';

/** Keyword fields ignore longer values: Elastic's `ignore_above`. */
const maxCharacters = 1_024;

/** A value is compared whole and case-sensitively; a number or boolean by its text. */
export const keyword: ValueType = {
  present: (value) => textOf(value) !== undefined,
  equal(literal) {
    if (literal.kind === 'wildcard') {
      return ok((value) => {
        const text = textOf(value);
        return text !== undefined && matchesWildcard(literal.parts, text);
      });
    }
    const wanted = written(literal);
    return ok(
      wanted.length > maxCharacters
        ? () => false
        : (value) => value === wanted || otherText(value) === wanted,
    );
  },
  ordered: (operator, text) => ok(comparing(operator, textOf, text, byCodePoint)),
};

/** One question for a whole list: equal to one of the texts, or fitting one of the patterns. */
export function anyOf(literals: readonly Value[]): Test {
  const texts = new Set<string>();
  const patterns: (readonly string[])[] = [];
  for (const literal of literals) {
    if (literal.kind === 'wildcard') patterns.push(literal.parts);
    else texts.add(written(literal));
  }
  return (value) => {
    const text = textOf(value);
    if (text === undefined) return false;
    if (texts.has(text)) return true;
    for (const parts of patterns) if (matchesWildcard(parts, text)) return true;
    return false;
  };
}

function textOf(value: unknown): string | undefined {
  const text = typeof value === 'string' ? value : otherText(value);
  return text === undefined || text.length > maxCharacters ? undefined : text;
}

/** The text of what is no string; objects have none, nor has a number too large to be read (`1e400`). */
function otherText(value: unknown): string | undefined {
  return typeof value === 'boolean' || Number.isFinite(value) ? String(value) : undefined;
}
