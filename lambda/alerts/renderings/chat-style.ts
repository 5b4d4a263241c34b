import { quotedBy, type TextStyle } from '../../text/quoted-text.ts';
import { escaped, isInvisibleOrReordering } from '../../text/visible-text.ts';

const defaultMaxCharacters = 300;

/**
 * Everything that is not ours is a code span, in which neither Slack nor Teams formats, links or mentions anything. What
 * could end the span, or start a mention or link in spite of it, is written \u{…}. Text of the log is quoted inside the
 * span, since a client may show a notification or a title without its markup.
 */
export const chatStyle: TextStyle = {
  quote: (text, maxCharacters = defaultMaxCharacters) => {
    const span = quotedBy(text, maxCharacters, isMarkup);
    return `\`${span}\``;
  },
  plain: (text, maxCharacters = defaultMaxCharacters) => {
    const { shown, isCut } = escaped(text, maxCharacters, isMarkup);
    const note = isCut ? ` (${text.length} characters)` : '';
    return shown === '' ? '(empty)' : `\`${shown}${isCut ? '…' : ''}\`${note}`;
  },
};

/** An e-mail address stays readable. */
function isMarkup(character: string, index: number, text: string): boolean {
  if (character === '@') return !/[\w.%+-]/.test(text[index - 1] ?? '') || isForAll(text, index + 1);
  return isInvisibleOrReordering(character) || /[`<>&]/.test(character);
}

function isForAll(text: string, index: number): boolean {
  return /^(here|channel|everyone|all)\b/i.test(text.slice(index, index + 9));
}
