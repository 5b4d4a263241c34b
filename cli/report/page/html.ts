import { isInvisibleOrReordering } from '../../../lambda/text/visible-text.ts';

/** Markup of a page. Only this file makes it, so text cannot become part of a page without being escaped. */
export interface Html {
  readonly markup: string;
}

type Value = string | number | undefined | Html | readonly Html[];

/**
 * A template of markup. Text and numbers in it are escaped; an absent value is nothing. The template's line feeds are not in
 * the page: each would be a node, a fifth of all.
 */
export function html(template: TemplateStringsArray, ...values: readonly Value[]): Html {
  const markup = withoutLineFeeds(template);
  let text = markup[0] ?? '';
  for (const [index, value] of values.entries()) text += `${markupOf(value)}${markup[index + 1] ?? ''}`;
  return { markup: text };
}

/** By template, which is the same object in each call. */
const known = new WeakMap<TemplateStringsArray, readonly string[]>();

function withoutLineFeeds(template: TemplateStringsArray): readonly string[] {
  const markup = known.get(template) ?? template.map((part) => part.replaceAll('\n', ''));
  known.set(template, markup);
  return markup;
}

/** The content of a style or script element, which no escape may change. Only for the page's own files. */
export function ownFile(text: string): Html {
  return { markup: text };
}

/** Much text between tags, where a quotation mark has no meaning: JSON would be half as large again. */
export function longText(text: string): Html {
  return { markup: escapedText(text, markupBegin) };
}

function markupOf(value: Value): string {
  if (value === undefined) return '';
  if (typeof value === 'string') return escapedText(value);
  if (typeof value === 'number') return String(value);
  return 'markup' in value ? value.markup : value.map(({ markup }) => markup).join('');
}

const printableAscii = /^[\n\x20-\x7e]*$/;
/** `=` and the backtick have a meaning in attributes without quotation marks, which the page does not have. */
const special = /[&<>"'`=]/g;
const markupBegin = /[&<>]/g;

/**
 * Text that is only text, between tags and in attributes in quotation marks. Most texts are visible already; here no
 * character that is invisible or reorders text is left, whatever the caller passes.
 */
function escapedText(text: string, characters = special): string {
  const shown = printableAscii.test(text) ? text : [...text].map(visibleCharacter).join('');
  return shown.replace(characters, (character) => `&#${character.charCodeAt(0)};`);
}

function visibleCharacter(character: string): string {
  const isHidden = character !== '\n' && isInvisibleOrReordering(character);
  return isHidden ? `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}` : character;
}
