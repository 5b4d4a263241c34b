/**
 * A point in time in a query: a date with its smallest given unit, or date math on a date or on `now`.
 * It rounds to the first or the last millisecond of a unit, depending on the operator.
 */
export interface DateExpression {
  /** Milliseconds since the epoch. */
  start(nowMs: number): number;
  end(nowMs: number): number;
}

type Unit = 'y' | 'M' | 'w' | 'd' | 'h' | 'm' | 's';

interface Instant {
  readonly ms: number;
  /** The smallest unit that was given; `undefined` for a millisecond. */
  readonly unit: Unit | undefined;
}

type Step =
  | { readonly kind: 'add'; readonly amount: number; readonly unit: Unit }
  | { readonly kind: 'round'; readonly unit: Unit };

const dateTime =
  /^(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(?:(\d\d)(?::(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?)?)?(Z|[+-](?:0\d|1[0-8])(?::?[0-5]\d)?)?)?)?)?$/;
/** A number of milliseconds. Exactly four digits are a year instead. */
const epochMs = /^(?!\d{4}$)-?\d+(?:\.\d+)?$/;

/** Milliseconds since the epoch of a date field's value: ISO 8601 or milliseconds. */
export function parseInstant(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  return typeof value === 'string' ? readInstant(value)?.ms : undefined;
}

/**
 * `now`, a date, or milliseconds, and math on it: `now-1d/d`, `2026-01-01||+1M/d`.
 * @returns `undefined` if it is none of these
 */
export function parseDateExpression(text: string): DateExpression | undefined {
  const [, anchorText = '', math = ''] =
    /^(now)(.*)$/s.exec(text) ?? /^(.+?)(?:\|\|(.*))?$/s.exec(text) ?? [];
  const steps = parseMath(math);
  const anchor: Instant | undefined =
    anchorText === 'now' ? { ms: Number.NaN, unit: undefined } : readInstant(anchorText);
  if (steps === undefined || anchor === undefined) return undefined;
  const evaluate = (nowMs: number, up: boolean) => {
    const from = anchorText === 'now' ? nowMs : anchor.ms;
    // a date without math means the whole of its smallest given unit; math begins at the start of the unit
    const begun = up && anchor.unit && steps.length === 0 ? added(from, 1, anchor.unit) - 1 : from;
    return steps.reduce((ms, step) => {
      if (step.kind === 'add') return added(ms, step.amount, step.unit);
      return up ? lastOf(ms, step.unit) : firstOf(ms, step.unit);
    }, begun);
  };
  if (anchorText === 'now')
    return { start: (now) => evaluate(now, false), end: (now) => evaluate(now, true) };
  const start = evaluate(0, false);
  const end = evaluate(0, true);
  return { start: () => start, end: () => end };
}

function readInstant(text: string): Instant | undefined {
  if (epochMs.test(text)) return { ms: Math.floor(Number(text)), unit: undefined };
  const parts = dateTime.exec(text);
  if (!parts) return undefined;
  const [, year, month, day, hour, minute, second, fraction, zone] = parts;
  const monthIndex = Number(month ?? 1) - 1;
  const date = Number(day ?? 1);
  const clock = [Number(hour ?? 0), Number(minute ?? 0), Number(second ?? 0)] as const;
  // the first three digits are milliseconds; a date field drops the rest
  const milliseconds = Number((fraction ?? '').padEnd(3, '0').slice(0, 3));
  const ms = Date.UTC(Number(year), monthIndex, date, ...clock, milliseconds);
  // a day that the month does not have is in another month
  const isReal = new Date(ms).getUTCMonth() === monthIndex;
  if (!isReal || clock[0] > 23 || clock[1] > 59 || clock[2] > 59) return undefined;
  const units: readonly [Unit | undefined, unknown][] = [
    [undefined, fraction],
    ['s', second],
    ['m', minute],
    ['h', hour],
    ['d', day],
    ['M', month],
  ];
  const given = units.find(([, part]) => part !== undefined);
  return { ms: ms - zoneMs(zone), unit: given ? given[0] : 'y' };
}

function zoneMs(zone: string | undefined): number {
  const [, sign, hours, minutes] = /^([+-])(\d\d):?(\d\d)?$/.exec(zone ?? '') ?? [];
  const ahead = (Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * 60_000;
  return sign === '-' ? -ahead : ahead;
}

/** math = (('+' / '-') digits? unit / '/' unit)* */
function parseMath(text: string): Step[] | undefined {
  const steps: Step[] = [];
  let rest = text;
  while (rest !== '') {
    const [whole, operator, digits = '', letter] = /^([-+/])(\d*)([yMwdhHms])/.exec(rest) ?? [];
    if (whole === undefined || (operator === '/' && !['', '1'].includes(digits))) return undefined;
    const unit = unitOf(letter);
    if (unit === undefined) return undefined;
    const amount = digits === '' ? 1 : Number(digits);
    if (operator === '/') steps.push({ kind: 'round', unit });
    else steps.push({ kind: 'add', amount: operator === '-' ? -amount : amount, unit });
    rest = rest.slice(whole.length);
  }
  return steps;
}

function unitOf(letter: string | undefined): Unit | undefined {
  if (letter === 'H') return 'h';
  return (['y', 'M', 'w', 'd', 'h', 'm', 's'] as const).find((unit) => unit === letter);
}

const fixedMs: Readonly<Record<Exclude<Unit, 'y' | 'M'>, number>> = {
  w: 604_800_000,
  d: 86_400_000,
  h: 3_600_000,
  m: 60_000,
  s: 1_000,
};

function added(ms: number, amount: number, unit: Unit): number {
  if (unit !== 'y' && unit !== 'M') return ms + amount * fixedMs[unit];
  const date = new Date(ms);
  const year = date.getUTCFullYear() + (unit === 'y' ? amount : 0);
  const month = date.getUTCMonth() + (unit === 'M' ? amount : 0);
  // one month after the 31st is the last day of the next month
  const lastDay = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  date.setUTCFullYear(year, month, Math.min(date.getUTCDate(), lastDay));
  return date.getTime();
}

/** Weeks begin on Monday. */
function firstOf(ms: number, unit: Unit): number {
  const date = new Date(ms);
  switch (unit) {
    case 'y':
      return Date.UTC(date.getUTCFullYear(), 0);
    case 'M':
      return Date.UTC(date.getUTCFullYear(), date.getUTCMonth());
    case 'w':
      return firstOf(ms - ((date.getUTCDay() + 6) % 7) * fixedMs.d, 'd');
    case 'd':
    case 'h':
    case 'm':
    case 's':
      return Math.floor(ms / fixedMs[unit]) * fixedMs[unit];
  }
}

function lastOf(ms: number, unit: Unit): number {
  return added(firstOf(ms, unit), 1, unit) - 1;
}
