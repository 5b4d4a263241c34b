import { type Found, searchBytes } from './byte-search.ts';
import {
  charactersOf,
  checkedPattern,
  literalPatterns,
  packedOrNul,
  type SearchedText,
} from './search-patterns.ts';
import { type SearchProgram, searchProgram } from './search-program.ts';

/** Finds, in raw bytes, the next place at or after `from` from which a record may match; -1 if there is none. */
export type NextCandidate = (bytes: Buffer, from: number) => number;

/** A literal that counts only where a check allows it. */
export interface CheckedLiteral {
  readonly text: string;
  readonly isCandidate: (bytes: Buffer, at: number) => boolean;
}

/** A search for candidates in a text that comes in chunks. */
export interface Prefilter {
  readonly nextCandidate: NextCandidate;
  /**
   * Searches a chunk in one pass: afterwards its candidates are known.
   * @returns what else is in it. If there is a NUL byte, the search ended there
   */
  readonly survey: (chunk: Buffer) => Pick<Found, 'hasNul' | 'packed'>;
}

export const noLiterals: readonly SearchedText[] = [];

/** @param literals - `null`: every place is a candidate. Those with `ignoreCase` are in lower case */
export function candidateSearch(literals: readonly SearchedText[] | null): NextCandidate {
  return createPrefilter(literals).nextCandidate;
}

/** @param checked - another literal. Without the others nothing else is a candidate, not even an escape */
export function createPrefilter(
  literals: readonly SearchedText[] | null,
  checked?: CheckedLiteral,
): Prefilter {
  const program = programOf(literals ?? noLiterals, checked?.text);
  const check = checked?.isCandidate ?? (() => false);
  // a chunk and the malformed records in it are searched in turn: none may forget what is known of the others
  const known = new WeakMap<Buffer, Found>();
  return {
    nextCandidate(bytes, from) {
      if (literals === null) return from < bytes.length ? from : -1;
      let found = known.get(bytes);
      for (let at = from; at < bytes.length; at = found.to) {
        if (!found || at < found.from || at >= found.to) {
          found = searchBytes(program, bytes, at, check, hasCandidate);
          known.set(bytes, found);
        }
        const candidate = firstFrom(found.candidates, at);
        if (candidate !== undefined) return candidate;
      }
      return -1;
    },
    survey(chunk) {
      const found = searchBytes(program, chunk, 0, check, ({ hasNul }) => hasNul);
      if (!found.hasNul) known.set(chunk, found);
      return found;
    },
  };
}

function hasCandidate({ candidates }: Found): boolean {
  return candidates.length > 0;
}

/** @param places - in order */
function firstFrom(places: readonly number[], from: number): number | undefined {
  let low = 0;
  let high = places.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((places[middle] ?? 0) < from) low = middle + 1;
    else high = middle;
  }
  return places[low];
}

const programs = new WeakMap<readonly SearchedText[], Map<string | undefined, SearchProgram>>();

/** Kept for the next input: each message of a log stream is one, with the same literals. */
function programOf(literals: readonly SearchedText[], checked: string | undefined): SearchProgram {
  const byChecked = programs.get(literals) ?? new Map<string | undefined, SearchProgram>();
  programs.set(literals, byChecked);
  const program = byChecked.get(checked) ?? createProgram(literals, checked);
  byChecked.set(checked, program);
  return program;
}

function createProgram(literals: readonly SearchedText[], checked: string | undefined): SearchProgram {
  const patterns = [
    ...(checked !== undefined && literals.length === 0 ? [] : literalPatterns(literals)),
    ...(checked === undefined ? [] : [checkedPattern(checked)]),
    ...packedOrNul,
  ];
  return searchProgram(patterns, charactersOf(literals));
}
