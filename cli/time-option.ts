const unitsMs: Readonly<Record<string, number>> = {
  s: 1e3,
  m: 60e3,
  h: 3_600e3,
  d: 86_400e3,
  w: 7 * 86_400e3,
};

/** `2026-11-23`, or a time with a time zone. JavaScript would read a time without one in the machine's zone. */
const dateOrTime = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d))?$/;

/**
 * A date (midnight UTC), a time with its zone, or an age such as `2h` or `7d`.
 * @returns ms since the epoch; `undefined` if the text is none of these
 */
export function timeOption(text: string, nowMs: number): number | undefined {
  const [, count, unit = ''] = /^(\d{1,6})([smhdw])$/.exec(text) ?? [];
  const unitMs = unitsMs[unit];
  if (count !== undefined && unitMs !== undefined) return nowMs - Number(count) * unitMs;
  if (!dateOrTime.test(text)) return undefined;
  const time = Date.parse(text);
  return Number.isNaN(time) ? undefined : time;
}
