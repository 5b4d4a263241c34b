import type { Finding } from '../../findings/finding.ts';
import { factsOf } from '../../findings/finding-facts.ts';
import { isCanary } from '../../findings/is-canary.ts';
import { stepsFor } from '../../response/response-steps.ts';
import { noteOf } from '../../response/rule-steps.ts';
import type { Step } from '../../response/step.ts';
import { consoleLink } from '../../text/console-link.ts';
import { placeText } from '../../text/place-text.ts';
import { nameText, plainTextStyle, quoted } from '../../text/quoted-text.ts';
import { visible } from '../../text/visible-text.ts';
import type { Burst, EventFindings } from '../burst.ts';
import { againLines, burstLines, signalLines } from './alert-lines.ts';
import { headline } from './headline.ts';

/** An SNS message holds 256 KiB for all protocols together, and contains this text twice, escaped. */
const maxEmailCharacters = 30_000;
const maxNoteCharacters = 4_000;
/** The longest label is `Impersonates:`. */
const labelColumns = 14;

/** In the order of reading on a phone: what happened, why it matters, the facts, what to do, and the source. */
export function emailText(burst: Burst): string {
  const { leading } = burst.lead;
  const sections: (readonly [title: string, lines: readonly string[]])[] = [
    ['', [headline(leading, plainTextStyle)]],
    ['', againLines(burst)],
    ['', burstLines(burst, plainTextStyle)],
    ['WHY IT MATTERS', signalLines(leading, plainTextStyle)],
    [
      'FACTS',
      [
        ...factsOf(leading, plainTextStyle).map(([label, value]) => labeled(label, value)),
        ...alsoMatched(burst.lead),
      ],
    ],
    ['WHAT TO DO NOW', stepsFor(leading, burst.lead.others).flatMap(stepLines)],
    ['SOURCE EVENT', sourceLines(leading)],
    [
      'POSSIBLE FALSE POSITIVES',
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
    : `${text.slice(0, maxEmailCharacters)}…\n(truncated: the json channel has the whole finding)`;
}

function labeled(label: string, value: string): string {
  return `${`${label}:`.padEnd(labelColumns)}${value}`;
}

function alsoMatched({ others }: EventFindings): string[] {
  return others.map(({ rule, severity }) => labeled('Also matched', `${visible(rule.name)} (${severity})`));
}

function stepLines({ say, commands = [] }: Step, index: number): string[] {
  return [`${index + 1}. ${say}`, ...commands.map((command) => `   ${command}`)];
}

function sourceLines(finding: Finding): string[] {
  const { origin } = finding.place;
  const account =
    origin.kind !== 'file' && origin.account
      ? [`account ${nameText(origin.account, 20, plainTextStyle)}`]
      : [];
  const region = origin.kind !== 'file' && origin.region ? [nameText(origin.region, 30, plainTextStyle)] : [];
  const link = consoleLink(finding.place);
  const auditId = finding.event['auditID'];
  return [
    `In ${placeText(finding.place)}`,
    ...(account.length + region.length > 0 ? [[...account, ...region].join(', ')] : []),
    ...(link === undefined || link.length > 4_000 ? [] : [link]),
    ...(typeof auditId === 'string' ? [`auditID ${quoted(auditId, 100)}`] : []),
    `finding ${finding.id}`,
  ];
}

/**
 * The purpose of the rule, and its note if it has no steps. Each paragraph is one line, since a phone is narrower than a
 * file. The author of a rule is not an attacker, but a file may contain any character.
 */
function ruleLines(rule: Finding['rule']): string[] {
  const description = (rule.description ?? '').trim().replace(/\s*\n\s*/g, ' ');
  const note = noteOf(rule).slice(0, maxNoteCharacters).split('\n');
  return [description, ...note].filter((line) => line.trim() !== '').map((line) => visible(line, 1_000));
}
