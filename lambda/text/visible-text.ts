/**
 * Characters that end lines, hide, or look like nothing: controls, format characters (bidirectional overrides among
 * them), lone surrogates, private and unassigned characters, separators, everything that Unicode lets a font ignore
 * (zero-width characters, tags, fillers, variation selectors), and all spaces but U+0020.
 */
const invisible =
  /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]|(?! )\p{Zs}/u;

/** The blocks that Unicode reserves for scripts written from right to left: they reorder the text around them. */
const rightToLeft = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;

/** More combining marks than that on one letter cover the lines around it. */
const maxMarks = 2;

const defaultMaxCharacters = 300;

/** Writes a text so that it is safe in one kind of output. `maxCharacters` bounds what is shown of it. */
export type Show = (text: string, maxCharacters?: number) => string;

/** The text on one line, with invisible characters written as \u{…}, and cut if it is long. */
export const visible: Show = (text, maxCharacters = defaultMaxCharacters) => {
  const { shown, isCut } = escaped(text, maxCharacters, isInvisibleOrReordering);
  return isCut ? `${shown}… (${text.length} characters)` : shown;
};

/** Writes some characters as \u{…}. Reads no more of a long text than it shows. */
export function escaped(
  text: string,
  maxCharacters: number,
  escapes: (character: string, index: number, text: string) => boolean,
): { readonly shown: string; readonly isCut: boolean } {
  let shown = '';
  let index = 0;
  let marks = 0;
  for (const character of text) {
    marks = /\p{M}/u.test(character) ? marks + 1 : 0;
    const next = escapes(character, index, text) || marks > maxMarks ? escapeOf(character) : character;
    if (shown.length + next.length > maxCharacters) return { shown, isCut: true };
    shown += next;
    index += character.length;
  }
  return { shown, isCut: false };
}

function escapeOf(character: string): string {
  if (character === '"' || character === '\\') return `\\${character}`;
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}

export function isInvisibleOrReordering(character: string): boolean {
  return invisible.test(character) || rightToLeft.test(character);
}

/** The same where only ASCII is allowed and space is short: it is cut in the middle, since names differ at their ends. */
export function visibleAscii(text: string, maxCharacters: number): string {
  const ends =
    text.length > 4 * maxCharacters
      ? `${text.slice(0, 2 * maxCharacters)}${text.slice(-2 * maxCharacters)}`
      : text;
  const { shown: whole } = escaped(ends, Number.POSITIVE_INFINITY, isInvisibleOrReordering);
  const shown = whole.replace(/[^\x20-\x7e]/gu, '?');
  if (shown.length <= maxCharacters) return shown;
  const kept = Math.max(2, maxCharacters - 2);
  const head = Math.ceil(kept / 2);
  return `${shown.slice(0, head)}..${shown.slice(shown.length - (kept - head))}`;
}
