import { suspectOf } from '../../findings/certificate-use.ts';
import { visibleAscii } from '../../text/visible-text.ts';
import type { Message } from '../message.ts';
import type { Burst } from '../wording/event-story.ts';
import { actionInShort, gradeText } from '../wording/sentences.ts';
import { emailText } from './email-body.ts';

/** SNS: under 100 characters, ASCII. */
export const maxSubjectCharacters = 99;
/** One part of an SMS. */
const maxSmsBytes = 140;
/** An actor's name is cut to no less than that. */
const leastActorCharacters = 18;

/** An e-mail and an SMS in one message: SNS gives each subscriber its own. */
export function textMessage(burst: Burst): Message {
  const email = emailText(burst);
  return {
    subject: oneLine(`[${gradeText(burst.lead.leading)}]`, burst, maxSubjectCharacters),
    body: JSON.stringify({ default: email, email, sms: smsText(burst) }),
    perProtocol: true,
  };
}

/**
 * The one thing that matters. A phone's alphabet (GSM 03.38) has no grave accent, and one such character halves what
 * a part holds; brackets and the backslash count twice in it, so they go too.
 */
function smsText(burst: Burst): string {
  const grade = gradeText(burst.lead.leading).toUpperCase();
  return oneLine(`csrwatch ${grade}`, burst, maxSmsBytes).replace(/[`[\]{}\\^~|]/g, (character) => {
    return { '[': '(', '{': '(', ']': ')', '}': ')', '\\': '/' }[character] ?? "'";
  });
}

/** `… prod: mallory approved its own CN=system:admin (+3 more)` in so many ASCII characters; the actor gives way first. */
function oneLine(start: string, { lead, events }: Burst, maxCharacters: number): string {
  const { leading } = lead;
  const head = `${start} ${visibleAscii(leading.cluster || 'unnamed cluster', 20)}: `;
  const tail = events.length > 1 ? ` (+${events.length - 1} more)` : '';
  const room = maxCharacters - head.length - tail.length;
  const deed = actionInShort(leading, (text, max = 30) => visibleAscii(text, max));
  const fitting = visibleAscii(deed, room - leastActorCharacters - 1);
  const actor = visibleAscii(suspectOf(leading) || 'somebody unnamed', room - fitting.length - 1);
  return `${head}${actor} ${fitting}${tail}`;
}
