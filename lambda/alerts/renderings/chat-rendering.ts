import { suspectOf } from '../../findings/certificate-use.ts';
import type { Finding } from '../../findings/finding.ts';
import { factsOf } from '../../findings/finding-facts.ts';
import { isSafeName } from '../../response/placeholders.ts';
import { stepsFor } from '../../response/response-steps.ts';
import type { Step } from '../../response/step.ts';
import { consoleLink } from '../../text/console-link.ts';
import { placeText } from '../../text/place-text.ts';
import { nameText, type TextStyle } from '../../text/quoted-text.ts';
import { type Burst, incidentId } from '../burst.ts';
import type { Message } from '../message.ts';
import { againLines, burstLines, signalLines } from '../wording/alert-lines.ts';
import { gradeText, headline, shortAction, unidentifiedUser } from '../wording/headline.ts';
import { chatStyle } from './chat-style.ts';

/**
 * The limits of a custom notification, version 1.0, in characters.
 * https://docs.aws.amazon.com/chatbot/latest/adminguide/custom-notifs.html
 */
const limits = { title: 250, description: 8_000, nextStep: 350, keyword: 75 };

/** A custom notification of Amazon Q Developer in chat applications, which does not show a message that violates its schema. */
export function chatMessage(burst: Burst): Message {
  const { leading: finding } = burst.lead;
  const { id, rule, severity, phase, outcome, request } = finding;
  const link = consoleLink(finding.place);
  const count = burst.events.length === 1 ? 'one event' : `${burst.events.length} events`;
  const notification = {
    version: '1.0',
    source: 'custom',
    id,
    content: {
      textType: 'client-markdown',
      title: titleOf(burst),
      description: descriptionOf(burst, link),
      nextSteps: stepsFor(finding, burst.lead.others).flatMap(stepTexts),
      keywords: [
        severity,
        phase,
        outcome,
        ...(isSafeName(rule.id) ? [rule.id.slice(0, limits.keyword)] : []),
      ],
    },
    metadata: {
      threadId: `csrwatch-${incidentId(finding)}`,
      summary: `csrwatch: ${count}, ${gradeText(finding)}`,
      eventType: 'csrwatch-finding',
      ...(link === undefined ? {} : { relatedResources: [link] }),
      // custom actions may use these in commands, so no value contains free text of an attacker
      additionalContext: {
        findingId: id,
        severity,
        phase,
        outcome,
        ...(isSafeName(request.name) ? { request: request.name } : {}),
        ...(isSafeName(finding.cluster ?? undefined) ? { cluster: finding.cluster ?? '' } : {}),
      },
    },
  };
  return { body: JSON.stringify(notification) };
}

/** The longest title that fits: the names are cut, never a code span. */
function titleOf({ lead, events }: Burst): string {
  const { leading } = lead;
  const more = events.length > 1 ? ` (+${events.length - 1} more)` : '';
  const grade = gradeText(leading).toUpperCase();
  const title = (max: number) => {
    const style: TextStyle = {
      quote: (text) => chatStyle.quote(text, max),
      plain: (text) => chatStyle.plain(text, max),
    };
    const where = leading.cluster ? ` in ${nameText(leading.cluster, max, style)}` : '';
    const user = suspectOf(leading);
    return `${grade}${where}: ${user ? style.quote(user) : unidentifiedUser} ${shortAction(leading, style)}${more}`;
  };
  const fitting = [120, 60, 30, 12].map(title).find((text) => text.length <= limits.title);
  const short = leading.issuance ? 'issued certificate used' : `certificate request ${leading.phase}`;
  return fitting ?? `${grade}: ${short}${more}`;
}

function descriptionOf(burst: Burst, link: string | undefined): string {
  const { leading, others } = burst.lead;
  const { plain } = chatStyle;
  const lines = [
    headline(leading, chatStyle),
    ...(link === undefined || link.length > 2_000 ? [] : [link]),
    ...section('', againLines(burst)),
    ...section('', burstLines(burst, chatStyle)),
    ...section('*Why it matters*', signalLines(leading, chatStyle)),
    ...section('*Facts*', factLines(leading)),
    ...others.map(({ rule, severity }) => `Also matched: ${plain(rule.name)} (${severity})`),
    `Source event: ${plain(placeText(leading.place, 400), 1_000)}`,
    `Finding: ${plain(leading.id)}`,
  ];
  return fitted(lines);
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', ...(title === '' ? [] : [title]), ...lines];
}

function factLines(finding: Finding): string[] {
  return factsOf(finding, chatStyle).map(([label, value]) => `${label}: ${value}`);
}

/** Whole lines only. */
function fitted(lines: readonly string[]): string {
  const note = '(truncated: see the e-mail or the json channel)';
  let text = '';
  for (const line of lines) {
    const next = text === '' ? line : `${text}\n${line}`;
    if (next.length > limits.description - note.length - 1) return `${text}\n${note}`;
    text = next;
  }
  return text;
}

/** A step is one text if it fits; otherwise each of its commands is a text of its own. */
function stepTexts({ say, commands = [] }: Step): string[] {
  const spans = commands.map((command) => `\`${command}\``);
  const whole = [say, ...spans].join('\n');
  if (whole.length <= limits.nextStep) return [whole];
  return [
    cut(say),
    ...spans.map((span) =>
      span.length <= limits.nextStep ? span : cut('(a command that is too long for chat: see the e-mail)'),
    ),
  ];
}

function cut(text: string): string {
  return text.length <= limits.nextStep ? text : `${text.slice(0, limits.nextStep - 1)}…`;
}
