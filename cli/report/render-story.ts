import type { Severity } from '../../lambda/findings/finding.ts';
import type { Fact } from '../../lambda/findings/finding-facts.ts';
import { ink, lined, type Paper, paragraph, type Run, type Style } from './paper.ts';
import type { Story } from './stories.ts';
import type { Entry } from './story-entry.ts';
import { commandLabel } from './story-facts.ts';

const colors: Readonly<Record<Severity, Style>> = {
  low: 'cyan',
  medium: 'yellow',
  high: 'red',
  critical: ['bold', 'red'],
};

const badgeWidth = 10;
const labelWidth = 14;
/** The column of a timeline's events, to the right of their times, if the terminal is wide enough. */
const eventIndent = 24;
const leastForTimes = 60;
/** The number of steps in a story's title. */
const titleSteps = 8;

/** A story for a terminal: its title, the facts about the request and its certificate, and its events by time. */
export function renderStory({ entries, severity }: Story, paper: Paper): string {
  const ordered = inTime(entries);
  const [first] = ordered;
  if (first === undefined) return '';
  const badge = ink(severity.toUpperCase().padEnd(badgeWidth), colors[severity], paper);
  const title = paragraph(
    [
      [`${titleOf(ordered)}:`, 'bold'],
      [`${stepsOf(ordered)}${first.cluster === undefined ? '' : ` in ${first.cluster}`}`],
    ],
    { first: badge, indent: badgeWidth },
    paper,
  );
  const facts = factsOf(ordered);
  const known = facts.map((fact) => factLines(fact, 2, paper)).join('');
  return `${title}${known}${timeline(ordered, facts, paper)}`;
}

/** In the order of their times if all have one, else in the order of the log. */
function inTime(entries: readonly Entry[]): readonly Entry[] {
  const times = entries.map(({ time }) => timeParts(time));
  if (times.includes(undefined)) return entries;
  return entries.toSorted((a, b) => {
    const [x, y] = [sortable(a), sortable(b)];
    return x < y ? -1 : x > y ? 1 : 0;
  });
}

/** Of the same length, whatever the precision of the fraction. */
function sortable({ time = '' }: Entry): string {
  const { date, clock, fraction } = timeParts(time) ?? { date: '', clock: '', fraction: '' };
  return `${date}${clock}${fraction.padEnd(9, '0')}`;
}

function timeParts(time: string | undefined) {
  const found = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?Z$/.exec(time ?? '');
  const [, date, clock, fraction = ''] = found ?? [];
  return date !== undefined && clock !== undefined ? { date, clock, fraction } : undefined;
}

/** A creation may be logged without the name that the API server generated. */
function titleOf(entries: readonly Entry[]): string {
  return (entries.find(({ csr }) => csr?.name !== undefined) ?? entries[0])?.title ?? '';
}

/** `requested → approved → issued`. */
function stepsOf(entries: readonly Entry[]): string {
  const steps: { text: string; times: number }[] = [];
  for (const { action, mark } of entries) {
    const text = mark === '' ? action : `${action} (${mark})`;
    const last = steps.at(-1);
    if (last?.text === text) last.times += 1;
    else steps.push({ text, times: 1 });
  }
  const texts = steps.map(({ text, times }) => (times === 1 ? text : `${text} ×${times}`));
  const shown = texts.length > titleSteps ? [...texts.slice(0, titleSteps - 1), '…', texts.at(-1)] : texts;
  return shown.join(' → ');
}

/** The first value of each fact: a request does not change. */
function factsOf(entries: readonly Entry[]): Fact[] {
  const facts = new Map<string, string>();
  for (const [label, value] of entries.flatMap((entry) => entry.facts)) {
    if (!facts.has(label)) facts.set(label, value);
  }
  return [...facts];
}

function factLines([label, value]: Fact, indent: number, paper: Paper): string {
  const first = `${' '.repeat(indent)}${ink(label.padEnd(labelWidth - 2), 'dim', paper)}`;
  if (label === commandLabel) return `${first}${value}\n`;
  return paragraph([[value]], { first, indent: indent + labelWidth - 2 }, paper);
}

function timeline(entries: readonly Entry[], known: readonly Fact[], paper: Paper): string {
  const indent = paper.width < leastForTimes ? 4 : eventIndent;
  const printed = new Set<string>();
  let date = '';
  return entries
    .map((entry) => {
      const parts = timeParts(entry.time);
      const time = parts
        ? `${parts.date === date ? ''.padEnd(10) : parts.date} ${parts.clock}Z`
        : (entry.time ?? '');
      date = parts?.date ?? '';
      const margin = `  ${time}`;
      // a malformed time, or a narrow terminal: the event is printed below it
      const beside = margin.length <= indent - 2;
      const first = beside ? margin.padEnd(indent) : `${margin}\n${' '.repeat(indent)}`;
      return renderEvent(
        entry,
        { first: time === '' ? ' '.repeat(indent) : first, indent },
        { known, printed },
        paper,
      );
    })
    .join('');
}

function renderEvent(
  entry: Entry,
  margin: { first: string; indent: number },
  { known, printed }: { known: readonly Fact[]; printed: Set<string> },
  paper: Paper,
): string {
  const { indent } = margin;
  const line = (...runs: Run[]) => paragraph(runs, { first: ' '.repeat(indent), indent: indent + 2 }, paper);
  const came = [entry.mark, entry.code ?? ''].filter((part) => part !== '').join(', ');
  const clauses: Run[][] = [
    [[entry.action, 'bold'], ...(came === '' ? [] : [[`(${came})`] as const])],
    [[`by ${entry.who}`]],
    ...(entry.from === '' ? [] : [[[`from ${entry.from}`] as const]]),
    ...(entry.userAgent === undefined ? [] : [[[`with ${entry.userAgent}`] as const]]),
  ];
  const [done = [], ...more] = lined(clauses, indent, paper);
  // identities and signals are printed once; a fact that differs from the story's is printed with its event
  const identity = entry.identity.filter(([label, value]) => !printed.has(`${entry.who} ${label} ${value}`));
  for (const [label, value] of identity) printed.add(`${entry.who} ${label} ${value}`);
  const signals = entry.signals.filter(({ id, sentence }) => !printed.has(`${id} ${sentence}`));
  for (const { id, sentence } of signals) printed.add(`${id} ${sentence}`);
  const other = entry.facts.filter((fact) => !known.some((one) => one[0] === fact[0] && one[1] === fact[1]));
  const places = entry.places.length > 3 ? [...entry.places.slice(0, 3), 'and more'] : entry.places;
  const where: Run[][] = [[[`rule ${entry.rules.join(', ')}`, 'dim']], [[`at ${places.join('; ')}`, 'dim']]];
  return [
    paragraph(done, margin, paper),
    ...more.map((runs) => line(...runs)),
    ...signals.map(({ id, sentence, raises }) =>
      line(['!', raises ? colors.critical : 'yellow'], [sentence], [`(${id})`, 'dim']),
    ),
    ...(entry.legacy ? [line(['read from a line of the legacy format: no body, no decision', 'dim'])] : []),
    ...[...identity, ...other].map(([label, value]) => line([label, 'dim'], [value])),
    ...lined(where, indent, paper).map((runs) => line(...runs)),
  ].join('');
}
