import type { Offset } from './tree.ts';

/** An error or a warning, and where it is in the query. */
export interface Problem {
  /** One sentence, which does not contain the place. */
  readonly message: string;
  readonly offset: Offset;
}

export interface LocatedProblem extends Problem {
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 units. */
  readonly column: number;
  /** The line, with a caret under the place. */
  readonly excerpt: string;
}

const excerptWidth = 100;

export function locate(text: string, problem: Problem): LocatedProblem {
  const before = text.slice(0, problem.offset);
  const line = before.split('\n').length;
  const lineStart = before.lastIndexOf('\n') + 1;
  const lineEnd = text.indexOf('\n', problem.offset);
  const column = problem.offset - lineStart + 1;
  const whole = text.slice(lineStart, lineEnd < 0 ? text.length : lineEnd);
  const from = Math.max(0, column - 1 - excerptWidth / 2);
  const shown = whole.slice(from, from + excerptWidth).replace(/\s/g, ' ');
  return { ...problem, line, column, excerpt: `${shown}\n${' '.repeat(column - 1 - from)}^` };
}
