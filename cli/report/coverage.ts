/**
 * The time that a log covers, and the gaps in it. Most records are never parsed, so the times are searched for in the
 * text: the first and the last of each chunk, and all of a chunk that spans more than a few minutes.
 */
export interface Coverage {
  readonly firstMs: number | undefined;
  readonly lastMs: number | undefined;
  /** The longest first. */
  readonly gaps: readonly { readonly fromMs: number; readonly toMs: number }[];
}

export const noCoverage: Coverage = { firstMs: undefined, lastMs: undefined, gaps: [] };

const minuteMs = 60_000;
/** A shorter time without events is usual. */
const leastGapMinutes = 10;
/** A quiet log has long intervals everywhere; a gap is much longer than the usual interval. */
const gapFactor = 10;
/** Two years of minutes. */
const maxMinutes = 1_000_000;

const key = Buffer.from('requestReceivedTimestamp');
const time = /^\W{1,12}(\d{4}-\d\d-\d\dT\d\d:\d\d):\d\d/;

export interface CoverageReader {
  chunk(bytes: Buffer): void;
  /** Minutes since the epoch in which there is an event. */
  readonly minutes: ReadonlySet<number>;
  /** Adds the minutes that another reader found. */
  add(minutes: Iterable<number>): void;
  coverage(): Coverage;
}

export function createCoverageReader(): CoverageReader {
  const minutes = new Set<number>();
  const put = (minute: number) => {
    if (minutes.size < maxMinutes) minutes.add(minute);
  };
  const minuteAt = (bytes: Buffer, at: number): number | undefined => {
    const text = bytes.toString('latin1', at + key.length, at + key.length + 40);
    const [, found = ''] = time.exec(text) ?? [];
    const ms = Date.parse(`${found}Z`);
    return Number.isNaN(ms) ? undefined : Math.floor(ms / minuteMs);
  };
  return {
    minutes,
    chunk(bytes) {
      const firstAt = bytes.indexOf(key);
      if (firstAt < 0) return;
      const lastAt = bytes.lastIndexOf(key);
      const first = minuteAt(bytes, firstAt);
      const last = minuteAt(bytes, lastAt);
      if (first !== undefined) put(first);
      if (last !== undefined) put(last);
      if (first !== undefined && last !== undefined && Math.abs(last - first) <= 1) return;
      for (let at = bytes.indexOf(key, firstAt + 1); at >= 0; at = bytes.indexOf(key, at + 1)) {
        const minute = minuteAt(bytes, at);
        if (minute !== undefined) put(minute);
      }
    },
    add(more) {
      for (const minute of more) put(minute);
    },
    coverage() {
      const ordered = [...minutes].sort((a, b) => a - b);
      const [first] = ordered;
      const last = ordered.at(-1);
      if (first === undefined || last === undefined) return noCoverage;
      const intervals = ordered.slice(1).map((minute, index) => minute - (ordered[index] ?? minute));
      const usual = [...intervals].sort((a, b) => a - b)[Math.floor(intervals.length / 2)] ?? 0;
      const least = Math.max(leastGapMinutes, gapFactor * usual);
      const gaps = intervals.flatMap((minutesLong, index) => {
        const fromMs = (ordered[index] ?? 0) * minuteMs;
        return minutesLong >= least ? [{ fromMs, toMs: fromMs + minutesLong * minuteMs }] : [];
      });
      gaps.sort((a, b) => b.toMs - b.fromMs - (a.toMs - a.fromMs));
      return { firstMs: first * minuteMs, lastMs: last * minuteMs, gaps };
    },
  };
}
