/** Finds, in raw bytes, the next place from which a record may match. */
export type NextCandidate = (bytes: Buffer, from: number) => number;

/**
 * A search for the needles and for what could hide one: a JSON escape of one of its characters,
 * an escaped backslash of a JSON inside, or a percent-encoded letter of it in a legacy line's URI.
 * @param needles - `null`: every place is a candidate
 * @returns a function that gives the offset of the next hit at or after `from`, -1 where there is none
 */
export function candidateSearch(needles: readonly string[] | null): NextCandidate {
  if (needles === null) return (bytes, from) => (from < bytes.length ? from : -1);
  const characters = new Set(needles.join(''));
  const searches: NextCandidate[] = needles.map((needle) => {
    const wanted = Buffer.from(needle);
    return (bytes, from) => bytes.indexOf(wanted, from);
  });
  searches.push(hexAfter('\\u00', new Set([...characters, '\\'])), hexAfter('%', characters));
  return nearest(searches);
}

/** The nearest hit of several searches; a hit further on is remembered, not searched for again. */
function nearest(searches: readonly NextCandidate[]): NextCandidate {
  let searched: Buffer | undefined;
  const hits: number[] = [];
  return (bytes, from) => {
    if (bytes !== searched) hits.length = 0;
    searched = bytes;
    let best = -1;
    for (const [index, search] of searches.entries()) {
      let hit = hits[index] ?? from - 1;
      if (hit !== none && hit < from) {
        hit = search(bytes, from);
        if (hit < 0) hit = none;
        hits[index] = hit;
      }
      if (hit !== none && (best < 0 || hit < best)) best = hit;
    }
    return best;
  };
}

/** No hit up to the end of these bytes. */
const none = Number.POSITIVE_INFINITY;

/** `prefix` and the two hexadecimal digits, in either case, of one of the characters. */
function hexAfter(prefix: string, characters: ReadonlySet<string>): NextCandidate {
  const wanted = Buffer.from(prefix);
  const codes = new Set([...characters].map((character) => character.charCodeAt(0)));
  return (bytes, from) => {
    for (let at = bytes.indexOf(wanted, from); at >= 0; at = bytes.indexOf(wanted, at + 1)) {
      const digits = bytes.toString('latin1', at + wanted.length, at + wanted.length + 2);
      if (/^[\da-f]{2}$/i.test(digits) && codes.has(Number.parseInt(digits, 16))) return at;
    }
    return -1;
  };
}
