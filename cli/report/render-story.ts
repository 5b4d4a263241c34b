import type { Severity } from '../../lambda/findings/finding.ts';
import type { Fact } from '../../lambda/findings/finding-facts.ts';
import { timeParts } from '../../lambda/text/sortable-time.ts';
import type { CertificateUses } from './certificate-uses.ts';
import { ink, lined, type Paper, paragraph, type Run, type Style } from './paper.ts';
import { shown, shownQuoted } from './shown-text.ts';
import type { Story } from './stories.ts';
import type { Entry } from './story-entry.ts';
import { commandLabel } from './story-facts.ts';
import { factsOf, folded, stepsOf, titleOf } from './story-text.ts';
import { inTime } from './story-time.ts';
import { usesText } from './uses-text.ts';

export const colors: Readonly<Record<Severity, Style>> = {
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
/**
 * A story for a terminal: its title, the facts about the request and its certificate, and its events by time.
 * @param explained - the signals whose sentences were printed with an earlier story; those of this one are added
 */
export function renderStory(
  { entries, severity }: Story,
  uses: readonly CertificateUses[],
  explained: Set<string>,
  paper: Paper,
): string {
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
  return `${title}${known}${timeline(ordered, { known: facts, printed: new Set(), explained }, paper)}${uses.map((each) => useLines(each, paper)).join('')}`;
}

/** The uses of a certificate that are not part of a story. */
export function renderUses(uses: CertificateUses, paper: Paper): string {
  const { csrName, certificate } = { ...uses.followed.issuance, certificate: uses.followed.certificate };
  const of = csrName === undefined ? shown(certificate.sha256, 64) : `CSR ${shownQuoted(csrName, 100)}`;
  const title = paragraph([[`The certificate of ${of}`, 'bold']], { first: '', indent: 2 }, paper);
  return `${title}${useLines(uses, paper)}`;
}

function useLines(uses: CertificateUses, paper: Paper): string {
  return usesText(uses)
    .map((fact) => factLines(fact, 2, paper))
    .join('');
}

function factLines([label, value]: Fact, indent: number, paper: Paper): string {
  const first = `${' '.repeat(indent)}${ink(label.padEnd(labelWidth - 2), 'dim', paper)}`;
  if (label === commandLabel) return `${first}${value}\n`;
  return paragraph([[value]], { first, indent: indent + labelWidth - 2 }, paper);
}

/** What was already printed and is not repeated. */
interface Printed {
  /** Facts of the whole story. */
  readonly known: readonly Fact[];
  /** Identities and signals of this story. */
  readonly printed: Set<string>;
  /** Signals of all stories. */
  readonly explained: Set<string>;
}

function timeline(entries: readonly Entry[], before: Printed, paper: Paper): string {
  const indent = paper.width < leastForTimes ? 4 : eventIndent;
  let date = '';
  return folded(entries)
    .map(({ entry, times }) => {
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
        times,
        { first: time === '' ? ' '.repeat(indent) : first, indent },
        before,
        paper,
      );
    })
    .join('');
}

function renderEvent(
  entry: Entry,
  times: number,
  margin: { first: string; indent: number },
  { known, printed, explained }: Printed,
  paper: Paper,
): string {
  const { indent } = margin;
  const style = entry.isContext ? 'dim' : undefined;
  const line = (...runs: Run[]) => paragraph(runs, { first: ' '.repeat(indent), indent: indent + 2 }, paper);
  const answer = [entry.mark, entry.code ?? ''].filter((part) => part !== '').join(', ');
  const clauses: Run[][] = [
    [
      [entry.action, style ?? 'bold'],
      ...(answer === '' ? [] : [[`(${answer})`, style] as const]),
      ...(times === 1 ? [] : [[`×${times}`, style] as const]),
    ],
    [[`by ${entry.who}`, style]],
    ...(entry.from === '' ? [] : [[[`from ${entry.from}`, style] as const]]),
    ...(entry.userAgent === undefined ? [] : [[[`with ${entry.userAgent}`, style] as const]]),
  ];
  const [done = [], ...more] = lined(clauses, indent, paper);
  // identities and signals are printed once; a fact that differs from that of the story is printed with the event
  const isNew = (key: string) => !printed.has(key) && printed.add(key);
  const identity = entry.identity.filter(([label, value]) => isNew(`${entry.who} ${label} ${value}`));
  const signals = entry.signals.filter(({ id, sentence }) => isNew(`${id} ${sentence}`));
  const isExplained = ({ id, sentence, raises }: Entry['signals'][number]) =>
    !raises && explained.has(`${id} ${sentence}`);
  const repeated = signals.filter(isExplained).map(({ id }) => id);
  const explanations = signals.filter((signal) => !isExplained(signal));
  for (const { id, sentence } of explanations) explained.add(`${id} ${sentence}`);
  const other = entry.facts.filter((fact) => !known.some((one) => one[0] === fact[0] && one[1] === fact[1]));
  const places = entry.places.length > 3 ? [...entry.places.slice(0, 3), 'and more'] : entry.places;
  const rules = entry.rules.length > 0 ? `rule ${entry.rules.join(', ')}` : 'no finding';
  const where: Run[][] = [[[rules, 'dim']], [[`at ${places.join('; ')}`, 'dim']]];
  return [
    paragraph(done, margin, paper),
    ...more.map((runs) => line(...runs)),
    ...explanations.map(({ id, sentence, raises }) =>
      line(['!', raises ? colors.critical : 'yellow'], [sentence], [`(${id})`, 'dim']),
    ),
    ...(repeated.length > 0
      ? [line(['!', 'yellow'], ['explained above:'], [repeated.join(', '), 'dim'])]
      : []),
    ...(entry.legacy ? [line(['read from a line of the legacy format: no body, no decision', 'dim'])] : []),
    ...(entry.podOutput === undefined ? [] : [line(['!', 'yellow'], [entry.podOutput])]),
    ...[...identity, ...other].map(([label, value]) => line([label, 'dim'], [value])),
    ...lined(where, indent, paper).map((runs) => line(...runs)),
  ].join('');
}
