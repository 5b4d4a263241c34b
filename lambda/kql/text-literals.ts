/**
 * Prefilter literals of conditions that match in any case: on a text field, and without a field.
 *
 * A text field compares lowercased words. So each word of a phrase is in the text of a matching record, in some case:
 * `"Kube Admin"` matches `kube-ADMIN`, and both contain `admin` if case is ignored. A keyword that equals the phrase
 * contains its words too, so the same literal serves a condition without a field, if no field of another type and no
 * computed field can match the value.
 */
import type { PrefilterLiteral } from './prefilter-literal.ts';
import type { Schema } from './schema.ts';
import { words } from './text-words.ts';
import type { Literal } from './tree.ts';
import { types } from './types/types.ts';

/** At least one of these is in the record; `null`: none is certain to be. */
export function textLiterals(value: Literal, minLength: number): readonly PrefilterLiteral[] | null {
  const runs = requiredTexts(value).map((text) => longestRun(text));
  if (runs.length === 0 || runs.some((run) => run.length < minLength || isNumeric(run))) return null;
  return runs.map((text) => ({ text, isWholeWord: false, ignoreCase: true }));
}

/** Texts of which a matching value contains at least one, lowercased. */
function requiredTexts(value: Literal): readonly string[] {
  switch (value.kind) {
    case 'text': {
      const found = words(value.text);
      return value.quoted ? [longestOf(found.map(longestRun))] : found;
    }
    case 'wildcard':
      return [longestOf(value.parts.map((part) => longestRun(part.toLowerCase())))];
    case 'boolean':
    case 'null':
      return [];
  }
}

function longestRun(text: string): string {
  return longestOf(text.match(/[a-z0-9_.:]+/g) ?? []);
}

/** Numbers only if there is nothing else: a number in a record has several spellings. */
function longestOf(runs: readonly string[]): string {
  const [longest = ''] = [...runs].sort(
    (a, b) => Number(isNumeric(a)) - Number(isNumeric(b)) || b.length - a.length,
  );
  return longest;
}

function isNumeric(text: string): boolean {
  return /^[-+.\de]*$/.test(text);
}

/** Whether a condition without a field can only match values that are in the record's text as keywords or texts. */
export function matchesOnlyText<D>(value: Literal, { known }: Schema<D>): boolean {
  if (value.kind !== 'text' && value.kind !== 'wildcard') return false;
  const isOfType = (['integer', 'date', 'boolean', 'ip'] as const).some(
    (type) => types[type].equal(value, Date.now).ok,
  );
  if (isOfType) return false;
  return known.every(({ type, isVerbatim, constant, possible }) => {
    const result = types[type].equal(value, Date.now);
    if (isVerbatim || !result.ok) return true;
    const values = constant === undefined ? possible : [constant];
    return values !== undefined && !values.some(result.test);
  });
}
