/**
 * Characters that end lines, hide, or look like nothing: controls, format characters (bidirectional overrides among
 * them), lone surrogates, private and unassigned ones, separators, all that Unicode lets a font leave out (zero-width
 * ones, tags, fillers, variation selectors), and spaces other than the space.
 */
const treacherous =
  /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]|(?! )\p{Zs}/u;

/** The blocks that Unicode reserves for scripts written from right to left: they turn what stands around them. */
const rightToLeft = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;

/** More accents than that on one letter run over the lines around it. */
const maxMarks = 2;

const defaultMaxCharacters = 300;

/** How an attacker's text is shown where a rendering puts it. */
export type Show = (text: string, maxCharacters?: number) => string;

/** An attacker's text on one line, with what can't be seen written as \u{…}, cut where it is long. */
export const visible: Show = (text, maxCharacters = defaultMaxCharacters) =>
  escaped(text, maxCharacters, isInvisibleOrReordering);

/** Writes the characters that are to be hidden as \u{…}; reads no more of a long text than it shows. */
export function escaped(
  text: string,
  maxCharacters: number,
  hides: (character: string, index: number, text: string) => boolean,
): string {
  let shown = '';
  let index = 0;
  let marks = 0;
  for (const character of text) {
    marks = /\p{M}/u.test(character) ? marks + 1 : 0;
    const hidden = hides(character, index, text) || marks > maxMarks;
    const next = hidden ? `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}` : character;
    if (shown.length + next.length > maxCharacters) return `${shown}… (${text.length} characters)`;
    shown += next;
    index += character.length;
  }
  return shown;
}

export function isInvisibleOrReordering(character: string): boolean {
  return treacherous.test(character) || rightToLeft.test(character);
}

/** The same for where only ASCII goes and room is short: it is cut in the middle, since names differ at their ends. */
export function visibleAscii(text: string, maxCharacters: number): string {
  const ends =
    text.length > 4 * maxCharacters
      ? `${text.slice(0, 2 * maxCharacters)}${text.slice(-2 * maxCharacters)}`
      : text;
  const shown = escaped(ends, Number.POSITIVE_INFINITY, isInvisibleOrReordering).replace(
    /[^\x20-\x7e]/gu,
    '?',
  );
  if (shown.length <= maxCharacters) return shown;
  const kept = Math.max(2, maxCharacters - 2);
  const head = Math.ceil(kept / 2);
  return `${shown.slice(0, head)}..${shown.slice(shown.length - (kept - head))}`;
}
