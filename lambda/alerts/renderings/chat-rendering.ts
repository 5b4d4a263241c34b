import { suspectOf } from '../../findings/certificate-use.ts';
import type { Finding } from '../../findings/finding.ts';
import { factsOf } from '../../findings/finding-facts.ts';
import { isSafeName } from '../../response/placeholders.ts';
import { stepsFor } from '../../response/response-steps.ts';
import type { Step } from '../../response/step.ts';
import { consoleLink } from '../../text/console-link.ts';
import { placeText } from '../../text/place-text.ts';
import { quotedBy, type TextStyle } from '../../text/quoted-text.ts';
import { escaped, isInvisibleOrReordering, type Show } from '../../text/visible-text.ts';
import type { Message } from '../message.ts';
import { type Burst, incidentId } from '../wording/event-story.ts';
import { actionInShort, gradeText, headline } from '../wording/sentences.ts';
import { burstLines, signalLines } from './email-body.ts';

/**
 * The limits of a custom notification, version 1.0, in characters.
 * https://docs.aws.amazon.com/chatbot/latest/adminguide/custom-notifs.html
 */
const limits = { title: 250, description: 8_000, nextStep: 350, keyword: 75 };

/** What Amazon Q Developer in chat applications shows in Slack and Teams; anything off its schema is not shown at all. */
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
      // custom actions may put these into commands, so nothing is in them that an attacker can write freely
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

/**
 * A code span: neither Slack nor Teams formats, links or mentions anything in it. What could end the span, or start a
 * mention or link in spite of it, is written \u{…}. An e-mail address stays readable.
 */
export const code: Show = (text, maxCharacters = 300) => {
  if (text === '') return '(empty)';
  const { shown, isCut } = escaped(text, maxCharacters, isMarkup);
  return isCut ? `\`${shown}…\` (${text.length} characters)` : `\`${shown}\``;
};

/** Text of the log is quoted inside its code span: notifications and titles may be shown without the markup. */
const chatStyle: TextStyle = {
  quote: (text, maxCharacters = 300) => `\`${quotedBy(text, maxCharacters, isMarkup)}\``,
  plain: code,
};

function isMarkup(character: string, index: number, text: string): boolean {
  if (character === '@') return !/[\w.%+-]/.test(text[index - 1] ?? '') || isForAll(text, index + 1);
  return isInvisibleOrReordering(character) || /[`<>&]/.test(character);
}

function isForAll(text: string, index: number): boolean {
  return /^(here|channel|everyone|all)\b/i.test(text.slice(index, index + 9));
}

/** The longest that fits: names give way, and a span of code is never cut open. */
function titleOf({ lead, events }: Burst): string {
  const { leading } = lead;
  const more = events.length > 1 ? ` (+${events.length - 1} more)` : '';
  const title = (max: number) => {
    const show: Show = (text) => code(text, max);
    const where = leading.cluster ? ` in ${show(leading.cluster)}` : '';
    const suspect = suspectOf(leading);
    const who = suspect ? show(suspect) : 'somebody unnamed';
    return `${gradeText(leading).toUpperCase()}${where}: ${who} ${actionInShort(leading, show)}${more}`;
  };
  const fitting = [120, 60, 30, 12].map(title).find((text) => text.length <= limits.title);
  return (
    fitting ?? `${gradeText(leading).toUpperCase()}: somebody ${leading.phase} a certificate request${more}`
  );
}

function descriptionOf(burst: Burst, link: string | undefined): string {
  const { leading, others } = { ...burst.lead };
  const lines = [
    headline(leading, code),
    ...(link === undefined || link.length > 2_000 ? [] : [link]),
    ...section('', burstLines(burst, code)),
    ...section('*Why it matters*', signalLines(leading, code)),
    ...section('*The facts*', factLines(leading)),
    ...others.map(({ rule, severity }) => `Also: ${code(rule.name)} (${severity})`),
    `Where: ${code(placeText(leading.place), 1_000)}`,
    `Finding: ${code(leading.id)}`,
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
  const note = '(cut: the e-mail and the json channel say more)';
  let text = '';
  for (const line of lines) {
    const next = text === '' ? line : `${text}\n${line}`;
    if (next.length > limits.description - note.length - 1) return `${text}\n${note}`;
    text = next;
  }
  return text;
}

/** A step is one line where it fits, else its commands follow each on its own. */
function stepTexts({ say, commands = [] }: Step): string[] {
  const spans = commands.map((command) => `\`${command}\``);
  const whole = [say, ...spans].join('\n');
  if (whole.length <= limits.nextStep) return [whole];
  return [
    cut(say),
    ...spans.map((span) =>
      span.length <= limits.nextStep ? span : cut('(a command too long for here: see the e-mail)'),
    ),
  ];
}

function cut(text: string): string {
  return text.length <= limits.nextStep ? text : `${text.slice(0, limits.nextStep - 1)}…`;
}
