import { words } from '../text-words.ts';
import { matchesWildcard } from '../wildcard.ts';
import { byCodePoint, comparing, never, ok, type Test, textOf, type ValueType } from './type.ts';

/** A value is a sequence of lowercased words. */
export const text: ValueType = {
  present: (value) => typeof value !== 'object',
  equal(literal) {
    if (literal.kind === 'wildcard') {
      const parts = literal.parts.map((part) => part.toLowerCase());
      return ok(anyWord((word) => matchesWildcard(parts, word)));
    }
    const wanted = words(textOf(literal));
    if (wanted.length === 0) return ok(never);
    if (literal.kind === 'text' && literal.quoted) return ok(phrase(wanted));
    const set = new Set(wanted);
    return ok(anyWord((word) => set.has(word)));
  },
  ordered(operator, bound) {
    const test = comparing(operator, (word) => String(word), bound.toLowerCase(), byCodePoint);
    return ok(anyWord(test));
  },
};

function anyWord(test: (word: string) => boolean): Test {
  return (value) => typeof value !== 'object' && words(String(value)).some(test);
}

/** The words appear consecutively within one value: a phrase does not cross array elements. */
function phrase(wanted: readonly string[]): Test {
  const sequence = `\n${wanted.join('\n')}\n`;
  return (value) => typeof value !== 'object' && `\n${words(String(value)).join('\n')}\n`.includes(sequence);
}
