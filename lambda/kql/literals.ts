import type { Literals, PrefilterLiteral } from './prefilter-literal.ts';
import type { Schema } from './schema.ts';
import { matchesOnlyText, textLiterals } from './text-literals.ts';
import type { Literal, Name, Query } from './tree.ts';

/** Shorter strings are in too many records. */
const minLength = 4;
/** With more of them the search is not much faster than parsing every record. */
export const maxLiterals = 24;

/**
 * The literals of several queries: a record is a candidate if it contains one of any query. A query that has several
 * sets to choose from gets the most selective one, or one that other queries need anyway, which costs nothing.
 */
export function prefilterLiterals<D>(queries: readonly Query[], schema: Schema<D>): Literals {
  const options = queries.map((query) => optionsOf(query, schema));
  const chosen = options.map(mostSelective);
  for (const [index, sets] of options.entries()) {
    const others = new Set(
      chosen.flatMap((set, other) => (other === index || set === null ? [] : set.map(keyOf))),
    );
    const shared = sets.filter((set) => set.every((literal) => others.has(keyOf(literal))));
    if (shared.length > 0) chosen[index] = mostSelective(shared);
  }
  return union(chosen);
}

/** Sets of literals, each sufficient by itself; empty if no string is certain to be in a record. */
function optionsOf<D>(query: Query, schema: Schema<D>): readonly NonNullable<Literals>[] {
  switch (query.kind) {
    case 'or': {
      const all = union(query.children.map((child) => mostSelective(optionsOf(child, schema))));
      return all === null ? [] : [all];
    }
    case 'and':
      return query.children.flatMap((child) => optionsOf(child, schema));
    case 'is': {
      const found = literalsOf(query.field, query.value, schema);
      return found === null ? [] : [found];
    }
    case 'everything':
    case 'not':
    case 'range':
      return [];
    case 'nested':
      return query.field.kind === 'text'
        ? optionsOf(query.child, schema.inside(schema.field(query.field.text)))
        : [];
  }
}

function literalsOf<D>(name: Name | null, value: Literal, schema: Schema<D>): Literals {
  if (name === null) return matchesOnlyText(value, schema) ? textLiterals(value, minLength) : null;
  if (name.kind !== 'text') return null;
  const { type, isVerbatim } = schema.field(name.text);
  if (!isVerbatim) return null;
  if (type === 'text') return textLiterals(value, minLength);
  const literal = type === 'keyword' ? literalIn(value) : null;
  return literal && [literal];
}

/** The longest run of characters that no JSON writer escapes; of equally long ones, a whole word. */
function literalIn(value: Literal): PrefilterLiteral | null {
  if (couldBeUnquoted(value)) return null;
  const parts = textsOf(value);
  const runs = parts.flatMap((part, index) => runsIn(part, index === 0, index === parts.length - 1));
  const [longest] = runs.sort(
    (a, b) => b.text.length - a.text.length || Number(b.isWholeWord) - Number(a.isWholeWord),
  );
  return longest && longest.text.length >= minLength ? longest : null;
}

/**
 * @param isStart - whether the part begins where the value begins, so that a quote is before it
 * @param isEnd - whether the part ends where the value ends
 */
function runsIn(part: string, isStart: boolean, isEnd: boolean): PrefilterLiteral[] {
  return [...part.matchAll(/[A-Za-z0-9_.:-]+/g)].map(({ 0: text, index }) => {
    const before = part[index - 1];
    const after = part[index + text.length];
    const isWholeWord =
      (before === undefined ? isStart : isSeparator(before)) &&
      (after === undefined ? isEnd : isSeparator(after));
    return { text, isWholeWord, ignoreCase: false };
  });
}

/** A character that JSON writes as one of these, or after a backslash; a line feed, for example, becomes `\n`. */
function isSeparator(character: string): boolean {
  return ['"', '/', '\\', ' '].includes(character);
}

/**
 * The value may be a number or a boolean in the record. A number has several spellings, such as 100 and 1e2, and neither
 * is between quotes.
 */
function couldBeUnquoted(value: Literal): boolean {
  const texts = textsOf(value);
  return texts.every((text) => /^[-+.\deE]*$/.test(text)) || /^(true|false)$/.test(texts.join('*'));
}

function textsOf(value: Literal): readonly string[] {
  switch (value.kind) {
    case 'text':
      return [value.text];
    case 'wildcard':
      return value.parts;
    case 'boolean':
    case 'null':
      return [];
  }
}

/** The literals of all sets, without those that contain another one. `null` if there are too many. */
function union(sets: readonly Literals[]): Literals {
  const byKey = new Map<string, PrefilterLiteral>();
  for (const set of sets) {
    if (set === null) return null;
    for (const literal of set) {
      const isWholeWord = literal.isWholeWord && byKey.get(keyOf(literal))?.isWholeWord !== false;
      byKey.set(keyOf(literal), { ...literal, isWholeWord });
    }
  }
  const all = [...byKey.values()];
  if (all.length > maxLiterals * maxLiterals) return null;
  const needed = all.filter((literal) => !all.some((other) => other !== literal && isIn(other, literal)));
  if (needed.length > maxLiterals) return null;
  // a literal that also finds longer ones is only a part of a word in them
  return needed.map((literal) =>
    all.some((other) => other !== literal && isIn(literal, other))
      ? { ...literal, isWholeWord: false }
      : literal,
  );
}

/** Whether a search for the first finds every occurrence of the second. */
function isIn(literal: PrefilterLiteral, other: PrefilterLiteral): boolean {
  return literal.ignoreCase
    ? other.text.toLowerCase().includes(literal.text)
    : !other.ignoreCase && other.text.includes(literal.text);
}

function keyOf({ text, ignoreCase }: PrefilterLiteral): string {
  return `${ignoreCase} ${text}`;
}

/** The set that is found least often: its shortest literal is the longest, and no search ignores case. */
function mostSelective(sets: readonly NonNullable<Literals>[]): Literals {
  return sets.reduce<Literals>(
    (best, set) => (best === null || selectivity(set) > selectivity(best) ? set : best),
    null,
  );
}

function selectivity(set: NonNullable<Literals>): number {
  return Math.min(...set.map(({ text, ignoreCase }) => (ignoreCase ? text.length / 1_000 : text.length)));
}
