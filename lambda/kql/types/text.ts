import { words } from '../text-words.ts';
import { matchesWildcard } from '../wildcard.ts';
import { byCodePoint, comparing, never, ok, type Test, type ValueType, written } from './type.ts';

/** A value is its lower-cased words. */
export const text: ValueType = {
  present: (value) => typeof value !== 'object',
  equal(literal) {
    if (literal.kind === 'wildcard') {
      const parts = literal.parts.map((part) => part.toLowerCase());
      return ok(anyWord((word) => matchesWildcard(parts, word)));
    }
    const wanted = words(written(literal));
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

/** The words in a row, within one value: a phrase crosses no array element. */
function phrase(wanted: readonly string[]): Test {
  const row = `\n${wanted.join('\n')}\n`;
  return (value) => typeof value !== 'object' && `\n${words(String(value)).join('\n')}\n`.includes(row);
}
