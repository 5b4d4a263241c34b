const secondMs = 1_000;
const minuteMs = 60 * secondMs;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** Steps between labels that people count in. */
const stepsMs = [
  ...[1, 2, 5, 10, 15, 30].map((seconds) => seconds * secondMs),
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * minuteMs),
  ...[1, 2, 3, 6, 12].map((hours) => hours * hourMs),
  ...[1, 2, 7, 14, 30, 90, 180, 365, 3_650].map((days) => days * dayMs),
];

export interface Tick {
  /** In percent of the width. */
  readonly x: number;
  readonly label: string;
}

/** At most five labels at round times. */
export function ticksOf(fromMs: number, toMs: number): readonly Tick[] {
  const rangeMs = toMs - fromMs;
  const stepMs = stepsMs.find((step) => rangeMs / step <= 5) ?? rangeMs;
  const first = Math.ceil(fromMs / stepMs) * stepMs;
  const count = Math.floor((toMs - first) / stepMs) + 1;
  return Array.from({ length: Math.max(0, count) }, (_, index) => {
    const timeMs = first + index * stepMs;
    return { x: ((timeMs - fromMs) / rangeMs) * 100, label: labelOf(timeMs, stepMs) };
  });
}

function labelOf(timeMs: number, stepMs: number): string {
  const text = new Date(timeMs).toISOString();
  if (stepMs >= dayMs) return text.slice(0, 10);
  if (stepMs >= hourMs && timeMs % dayMs === 0) return text.slice(5, 10);
  return stepMs >= minuteMs ? text.slice(11, 16) : text.slice(11, 19);
}
