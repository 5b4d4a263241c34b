/**
 * Characters that end lines, hide, or turn the direction of text: controls, format characters (zero-width
 * ones and bidirectional overrides among them), line and paragraph separators, lone surrogates.
 */
const treacherous = /[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu;

const defaultMaxCharacters = 300;

/** An attacker's text on one line, with what can't be seen written as \u{…}, cut where it is long. */
export function visible(text: string, maxCharacters = defaultMaxCharacters): string {
  const shown = text.slice(0, maxCharacters).replace(treacherous, (character) => {
    return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
  });
  return text.length > maxCharacters ? `${shown}… (${text.length} characters)` : shown;
}

/** The same for where only ASCII goes and room is short: subjects and SMS. */
export function visibleAscii(text: string, maxCharacters: number): string {
  const shown = visible(text.slice(0, maxCharacters + 1)).replace(/[^\x20-\x7e]/g, '?');
  return shown.length > maxCharacters ? `${shown.slice(0, maxCharacters - 2)}..` : shown;
}
