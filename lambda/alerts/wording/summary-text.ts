import type { Summary } from '../../dedup/storm-window.ts';
import { nameText, type TextStyle } from '../../text/quoted-text.ts';
import { timeText } from '../../text/time-text.ts';

/** `HIGH in prod: 37 more events by "mallory", from … to …` */
export function summaryHeadline(summary: Summary, style: TextStyle): string {
  const { worst, scope } = summary;
  const where = scope.cluster ? nameText(scope.cluster, 60, style) : 'an unnamed cluster';
  return `${worst.toUpperCase()} in ${where}: ${countText(summary)} by ${actorText(summary, style)}${timesText(summary, style)}.`;
}

/** What the events are, what they are not, and where they are. */
export function summaryLines(summary: Summary, windowMs: number, style: TextStyle): string[] {
  const { scope, lastFindingId, lastActor } = summary;
  const last = lastActor ? style.quote(lastActor, 100) : 'an unidentified user';
  const event = scope.uses ? 'request' : 'event';
  return [
    `Rule: ${style.plain(scope.rule.name, 200)} (${style.plain(scope.rule.id, 200)})`,
    ...(scope.uses ? usesLines(scope.uses, style) : [alertedBefore]),
    ...(scope.actor ? [] : [`The last ${event} is by ${last}.`]),
    `The last finding is ${lastFindingId}.`,
    `The next summary follows in ${minutesText(windowMs)} if there are more ${event}s. Anything worse is alerted at once.`,
  ];
}

const alertedBefore =
  'None of these events is worse than what was alerted before. Each of them is a message on the json channel and a line "finding" in the log of the function.';

/** Of several certificates, further clients: too many appeared for an alert about each. */
function usesLines({ certificate }: NonNullable<Summary['scope']['uses']>, style: TextStyle): string[] {
  if (!certificate) {
    return [
      'They are the first requests of further clients (source address and user agent) with issued certificates. Each client is a message on the json channel.',
    ];
  }
  return [
    `SHA-256 of the certificate: ${style.plain(certificate, 64)}`,
    'Each of these clients (source address and user agent) was alerted when it first used the certificate, and none of the requests is worse. To see them, search the audit log for the fingerprint.',
  ];
}

export function countText({ count, scope }: Summary): string {
  const noun = scope.uses ? 'request' : 'event';
  const what = count === 1 ? `one more ${noun}` : `${count} more ${noun}s`;
  if (!scope.uses) return what;
  return `${what} with ${scope.uses.certificate ? 'an issued certificate' : 'issued certificates'}`;
}

function actorText({ scope }: Summary, style: TextStyle): string {
  if (!scope.actor) return scope.uses ? 'several other clients' : 'several other users';
  const name = scope.actor.name ? style.quote(scope.actor.name, 160) : 'an unidentified user';
  return scope.actor.as ? `${name}, impersonating ${style.quote(scope.actor.as, 100)}` : name;
}

function timesText({ firstTime, lastTime }: Summary, style: TextStyle): string {
  if (firstTime === undefined || lastTime === undefined) return '';
  const first = timeText(firstTime, style);
  const last = timeText(lastTime, style);
  return first === last ? ` at ${first}` : `, the first at ${first}, the last at ${last}`;
}

function minutesText(ms: number): string {
  const minutes = Math.max(1, Math.round(ms / 60_000));
  return minutes === 1 ? 'one minute' : `${minutes} minutes`;
}
