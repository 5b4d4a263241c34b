import { suspectOf } from '../../findings/certificate-use.ts';
import type { Finding } from '../../findings/finding.ts';
import { factsOf } from '../../findings/finding-facts.ts';
import { isCanary } from '../../findings/is-canary.ts';
import { stepsFor } from '../../response/response-steps.ts';
import { noteOf } from '../../response/rule-steps.ts';
import type { Step } from '../../response/step.ts';
import { consoleLink } from '../../text/console-link.ts';
import { placeText } from '../../text/place-text.ts';
import { plainTextStyle } from '../../text/quoted-text.ts';
import { visible } from '../../text/visible-text.ts';
import type { Burst, EventStory } from '../wording/event-story.ts';
import { actionInShort, gradeText, headline, timeText, whoText } from '../wording/sentences.ts';

/** An SNS message holds 256 KiB for all protocols together, and a body stands in it twice, escaped. */
const maxEmailCharacters = 30_000;
/** A burst lists its first few events; the json channel has each. */
const listedEvents = 5;
const listedSignals = 12;
/** The longest label is `Impersonates:`. */
const labelColumns = 14;
const legacyWarning =
  'The audit log may lack this event: it stands in a line of the legacy format, as the API server writes into its own log when it cannot encode an event. The line tells no decision and no body.';
const maxNoteCharacters = 4_000;

/** For a phone: the first line tells it, then why, the facts, what to do, and where it stands. */
export function emailText(burst: Burst): string {
  const { leading } = burst.lead;
  const sections: (readonly [string, readonly string[]])[] = [
    ['', [headline(leading, visible)]],
    ['', burstLines(burst)],
    ['WHY IT MATTERS', signalLines(leading)],
    [
      'THE FACTS',
      [
        ...factsOf(leading, plainTextStyle).map(
          ([label, value]) => `${`${label}:`.padEnd(labelColumns)}${value}`,
        ),
        ...alsoMatched(burst.lead),
      ],
    ],
    ['WHAT TO DO NOW', stepsFor(leading, burst.lead.others).flatMap(stepLines)],
    ['WHERE IT STANDS', whereLines(leading)],
    [
      'IT CAN BE HARMLESS',
      (leading.rule.falsePositives ?? []).slice(0, 5).map((text) => `- ${visible(text)}`),
    ],
    ['ABOUT THE RULE', isCanary(leading) ? [] : ruleLines(leading.rule)],
  ];
  const text = sections
    .filter(([, lines]) => lines.length > 0)
    .map(([title, lines]) => [...(title === '' ? [] : [title]), ...lines].join('\n'))
    .join('\n\n');
  return text.length <= maxEmailCharacters
    ? text
    : `${text.slice(0, maxEmailCharacters)}…\n(cut: the json channel has all of it)`;
}

/** How many came together, and the first few. */
export function burstLines({ lead, events }: Burst, show = visible): string[] {
  if (events.length === 1) return [];
  const others = events.filter((story) => story !== lead).map(({ leading }) => leading);
  const listed = others.slice(0, listedEvents).map((finding) => `- ${eventLine(finding, show)}`);
  const more = others.length - listed.length;
  return [
    `It is one of ${events.length} events of this rule and this user that came together, and the worst of them: what follows is about it, and the others want the same care.`,
    ...listed,
    ...(more > 0 ? [`- and ${more} more; the json channel has every one`] : []),
  ];
}

function eventLine(finding: Finding, show: typeof visible): string {
  const when = finding.time ? `${show(timeText(finding.time), 40)}: ` : '';
  const who = suspectOf(finding) === finding.actor.name ? '' : `${whoText(finding, show)} `;
  return `${when}${who}${actionInShort(finding, show)}, ${gradeText(finding)}`;
}

/** Why it matters: nothing, where it is a test. */
export function signalLines(finding: Finding, show = visible): string[] {
  if (isCanary(finding)) return [];
  const { signals, format } = finding;
  const unlogged = format === 'legacy' ? [`- ${legacyWarning}`] : [];
  const listed = signals.slice(0, listedSignals).map(({ sentence }) => `- ${show(sentence, 500)}`);
  const more = signals.length - listed.length;
  return [...unlogged, ...listed, ...(more > 0 ? [`- and ${more} more`] : [])];
}

function alsoMatched({ others }: EventStory): string[] {
  return others.map(
    ({ rule, severity }) => `${'Also:'.padEnd(labelColumns)}${visible(rule.name)} (${severity})`,
  );
}

function stepLines({ say, commands = [] }: Step, index: number): string[] {
  return [`${index + 1}. ${say}`, ...commands.map((command) => `   ${command}`)];
}

function whereLines(finding: Finding): string[] {
  const { origin } = finding.place;
  const account = origin.kind !== 'file' && origin.account ? [`account ${visible(origin.account, 20)}`] : [];
  const region = origin.kind !== 'file' && origin.region ? [visible(origin.region, 30)] : [];
  const link = consoleLink(finding.place);
  const auditId = finding.event['auditID'];
  return [
    `In ${visible(placeText(finding.place), 2_000)}`,
    ...(account.length + region.length > 0 ? [[...account, ...region].join(', ')] : []),
    ...(link === undefined || link.length > 4_000 ? [] : [link]),
    ...(typeof auditId === 'string' ? [`auditID ${visible(auditId, 100)}`] : []),
    `finding ${finding.id}`,
  ];
}

/**
 * What the rule is for, and a note of its own where it has no steps. Its paragraphs are one line each: a phone is
 * narrower than a file. Whoever writes a rule is not an attacker, but a file may hold anything.
 */
function ruleLines(rule: Finding['rule']): string[] {
  const description = (rule.description ?? '').trim().replace(/\s*\n\s*/g, ' ');
  const note = noteOf(rule).slice(0, maxNoteCharacters).split('\n');
  return [description, ...note].filter((line) => line.trim() !== '').map((line) => visible(line, 1_000));
}
