import type { TextStyle } from '../../lambda/text/quoted-text.ts';
import { type Show, visible } from '../../lambda/text/visible-text.ts';

/** Visible text. If it is truncated, it is a copy: a slice would keep the whole text in memory. */
export const shown: Show = (text, maxCharacters = 300) => {
  if (text === '') return '""';
  const cut = visible(text, maxCharacters);
  return text.length > maxCharacters ? Buffer.from(cut).toString() : cut;
};

/** The same for a text that may be absent; an empty one counts as absent. */
export function shownIfAny(text: string | null | undefined, maxCharacters?: number): string | undefined {
  return text === undefined || text === null || text === '' ? undefined : shown(text, maxCharacters);
}

export const shownStyle: TextStyle = { quote: shown, plain: shown };
