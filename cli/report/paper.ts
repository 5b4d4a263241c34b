import { styleText } from 'node:util';
import { columnsOf } from './columns.ts';

/** The terminal that text is laid out for. */
export interface Paper {
  readonly color: boolean;
  /** Columns of the terminal; `Infinity` if the output is no terminal: nothing is broken into lines. */
  readonly width: number;
}

export type Style = Parameters<typeof styleText>[0];

/** A part of a paragraph in one style; parts are separated by a space. */
export type Run = readonly [text: string, style?: Style | undefined];

/** On a narrower terminal the lines wrap. */
const leastColumns = 20;

/**
 * Breaks a paragraph into lines at spaces. A word that is wider than a line has a line of its own and is not split, so that
 * it can be selected and searched for.
 * @param first - printed before the first line, whose text starts at `indent`
 * @param indent - columns before every other line
 */
export function paragraph(
  runs: readonly Run[],
  { first, indent }: { first: string; indent: number },
  paper: Paper,
): string {
  const room = Math.max(leastColumns, paper.width - indent);
  const lines: Run[][] = [];
  let line: Run[] = [];
  let used = 0;
  const put = (word: string, style: Style | undefined) => {
    const columns = columnsOf(word);
    if (line.length > 0 && used + 1 + columns > room) {
      lines.push(line);
      line = [];
      used = 0;
    }
    used += columns + (line.length > 0 ? 1 : 0);
    line.push([word, style]);
  };
  for (const [text, style] of runs) {
    for (const word of text.split(' ')) put(word, style);
  }
  lines.push(line);
  const margin = ' '.repeat(indent);
  return lines.map((words, index) => `${index === 0 ? first : margin}${inked(words, paper)}\n`).join('');
}

/** Puts clauses into as few lines as possible without breaking them; one that is wider than a line has its own. */
export function lined(clauses: readonly (readonly Run[])[], indent: number, { width }: Paper): Run[][] {
  const lines: Run[][] = [];
  for (const clause of clauses) {
    const last = lines.at(-1);
    const together = [...(last ?? []), ...clause];
    const fits = columnsOf(together.map(([text]) => text).join(' ')) <= width - indent;
    if (last && fits) last.push(...clause);
    else lines.push([...clause]);
  }
  return lines;
}

/** Words of one style share a pair of escape sequences. */
function inked(words: readonly Run[], paper: Paper): string {
  const parts: { texts: string[]; style: Style | undefined }[] = [];
  for (const [word, style] of words) {
    const last = parts.at(-1);
    if (last && last.style === style) last.texts.push(word);
    else parts.push({ texts: [word], style });
  }
  return parts.map(({ texts, style }) => ink(texts.join(' '), style, paper)).join(' ');
}

/** The text in a style, if the terminal has colors. */
export function ink(text: string, style: Style | undefined, { color }: Paper): string {
  // whether the terminal has colors is decided by the caller
  return color && style !== undefined ? styleText(style, text, { validateStream: false }) : text;
}
