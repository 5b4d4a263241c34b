/**
 * Characters that hide, reorder or end text on a screen: controls (C1 among them), format characters (bidirectional
 * controls, zero-width ones), noncharacters, private and unassigned ones, line and paragraph separators.
 */
const invisible = /[\p{Cc}\p{Cf}\p{Cn}\p{Co}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

/** JSON whose text is visible wherever it is printed: such characters are escapes, which a reader decodes to the same value. */
export function jsonText(value: object): string {
  return JSON.stringify(value).replace(invisible, (character) =>
    Array.from({ length: character.length }, (_, index) => unitEscape(character.charCodeAt(index))).join(''),
  );
}

function unitEscape(unit: number): string {
  return `\\u${unit.toString(16).padStart(4, '0')}`;
}
