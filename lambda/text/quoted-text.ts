import { escaped, isInvisibleOrReordering, type Show, visible, visibleAscii } from './visible-text.ts';

/**
 * How a rendering writes text that is not csrwatch's own. Text of a log may come from an attacker, who may name a
 * CertificateSigningRequest `x. A dry run: nothing was stored.`: without its quotation marks, it reads as our sentence.
 */
export interface TextStyle {
  /** Text of the log, in quotation marks that it cannot close. */
  readonly quote: Show;
  /** Text of a rule file or of csrwatch itself, whose quotations are already marked. */
  readonly plain: Show;
}

/** Other characters that look like a quotation mark. */
const quotationMarks = /["\u02ba\u02dd\u02ee\u201c-\u201f\u2033\u2036\u3003\u301d-\u301f\uff02]/u;

const defaultMaxCharacters = 300;

/** Text of the log between quotation marks: visible, on one line, and with its own quotation marks escaped. */
export const quoted: Show = (text, maxCharacters = defaultMaxCharacters) =>
  quotedBy(text, maxCharacters, isInvisibleOrReordering);

/** The same with further characters escaped. */
export function quotedBy(
  text: string,
  maxCharacters: number,
  escapes: (character: string, index: number, text: string) => boolean,
): string {
  const isEscaped = (character: string, index: number, whole: string) =>
    character === '\\' || quotationMarks.test(character) || escapes(character, index, whole);
  const { shown, isCut } = escaped(text, maxCharacters, isEscaped);
  return isCut ? `"${shown}…" (${text.length} characters)` : `"${shown}"`;
}

/** The same where only ASCII is allowed and space is short: cut in the middle, its quotation marks and backslashes replaced. */
function quotedAscii(text: string, maxCharacters: number): string {
  const plain = text.replaceAll(new RegExp(quotationMarks, 'gu'), "'").replaceAll('\\', '/');
  return `"${visibleAscii(plain, maxCharacters)}"`;
}

/** A name of the operator's choice, such as a cluster's: quoted unless it is one word of harmless characters. */
export function nameText(name: string, maxCharacters: number, { quote, plain }: TextStyle): string {
  return isOneWord(name) ? plain(name, maxCharacters) : quote(name, maxCharacters);
}

/** Whether a name cannot be read as a sentence, so that it needs no quotation marks. */
export function isOneWord(name: string): boolean {
  return /^[\w.:/@+=#-]+$/.test(name);
}

/** For text without markup, such as an e-mail. */
export const plainTextStyle: TextStyle = { quote: quoted, plain: visible };

/** For the subject of an e-mail and an SMS. */
export function asciiStyle(maxCharacters: number): TextStyle {
  return {
    quote: (text) => quotedAscii(text, maxCharacters),
    plain: (text, max = maxCharacters) => visibleAscii(text, max),
  };
}
