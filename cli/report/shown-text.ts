import { isOneWord, quoted, type TextStyle } from '../../lambda/text/quoted-text.ts';
import { type Show, visible } from '../../lambda/text/visible-text.ts';

const defaultMaxCharacters = 300;

/** Visible text of our own. If it is truncated, it is a copy: a slice would keep the whole text in memory. */
export const shown: Show = (text, maxCharacters = defaultMaxCharacters) => {
  const cut = visible(text, maxCharacters);
  return text.length > maxCharacters ? Buffer.from(cut).toString() : cut;
};

/** Text of the log: in quotation marks, unless it is one word and cannot be read as a sentence of ours. */
export const shownQuoted: Show = (text, maxCharacters = defaultMaxCharacters) => {
  if (isOneWord(text) && text.length <= maxCharacters) return text;
  const cut = quoted(text, maxCharacters);
  return text.length > maxCharacters ? Buffer.from(cut).toString() : cut;
};

/** The same for a text that may be absent; an empty one counts as absent. */
export function shownIfAny(text: string | null | undefined, maxCharacters?: number): string | undefined {
  return text === undefined || text === null || text === '' ? undefined : shownQuoted(text, maxCharacters);
}

export const shownStyle: TextStyle = { quote: shownQuoted, plain: shown };
