import { suspectOf } from '../../findings/certificate-use.ts';
import { asciiStyle, nameText } from '../../text/quoted-text.ts';
import { visibleAscii } from '../../text/visible-text.ts';
import type { Burst } from '../burst.ts';
import { type Message, maxSubjectCharacters } from '../message.ts';
import { emailText } from '../wording/email-text.ts';
import { actionWithoutNames, gradeText, shortAction, unidentifiedUser } from '../wording/headline.ts';

/** One part of an SMS. */
const maxSmsBytes = 140;
/** The user's name is cut before the action is, down to this length, including its quotation marks. */
const leastUserCharacters = 20;
/** The lengths to which the names in an action are cut, until it fits. */
const nameCharacters = [34, 24, 16, 10, 6];

/** An e-mail and an SMS in one message: SNS sends each subscriber its own. */
export function textMessage(burst: Burst): Message {
  const email = emailText(burst);
  return {
    subject: oneLine(`[${gradeText(burst.lead.leading)}]`, burst, maxSubjectCharacters),
    body: JSON.stringify({ default: email, email, sms: smsText(burst) }),
    perProtocol: true,
  };
}

/**
 * The most important fact. The alphabet of an SMS (GSM 03.38) has no grave accent, and one such character halves the
 * length of a part. Brackets and the backslash count twice in it, so they are replaced as well.
 */
function smsText(burst: Burst): string {
  const grade = gradeText(burst.lead.leading).toUpperCase();
  return oneLine(`csrwatch ${grade}`, burst, maxSmsBytes).replace(/[`[\]{}\\^~|]/g, (character) => {
    return { '[': '(', '{': '(', ']': ')', '}': ')', '\\': '/' }[character] ?? "'";
  });
}

/** `… prod: "mallory" approved its own CN="system:admin" (+3 more)` in ASCII. The user's name is cut first. */
function oneLine(start: string, { lead, events }: Burst, maxCharacters: number): string {
  const { leading } = lead;
  const cluster = leading.cluster ? nameText(leading.cluster, 20, asciiStyle(20)) : 'unnamed cluster';
  const head = `${start} ${cluster}: `;
  const worse = lead.before ? ' (worse than reported)' : '';
  const tail = `${worse}${events.length > 1 ? ` (+${events.length - 1} more)` : ''}`;
  const room = maxCharacters - head.length - tail.length;
  const actions = nameCharacters.map((max) => shortAction(leading, asciiStyle(max)));
  const user = suspectOf(leading);
  const actionRoom = room - 1 - Math.min(leastUserCharacters, (user ?? unidentifiedUser).length + 2);
  const fitting = actions.find((action) => action.length <= actionRoom);
  // an action without names has no quotation that a cut could leave open
  const action = fitting ?? visibleAscii(actionWithoutNames(leading), actionRoom);
  const userRoom = room - action.length - 1;
  const name = user ? asciiStyle(userRoom - 2).quote(user) : visibleAscii(unidentifiedUser, userRoom);
  return `${head}${name} ${action}${tail}`;
}
