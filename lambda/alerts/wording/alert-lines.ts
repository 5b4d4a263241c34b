import { suspectOf } from '../../findings/certificate-use.ts';
import type { Finding } from '../../findings/finding.ts';
import type { Gravity } from '../../findings/gravity.ts';
import { isCanary } from '../../findings/is-canary.ts';
import type { TextStyle } from '../../text/quoted-text.ts';
import { timeText, utcText } from '../../text/time-text.ts';
import type { Burst } from '../burst.ts';
import { gradeText, shortAction, userText } from './headline.ts';

/** Other events of a burst that an alert lists; the json channel has all of them. */
const listedEvents = 5;
const listedSignals = 12;

const legacyWarning =
  'The audit log may not contain this event: it was read from a line of the legacy format, which the API server writes to its own log when it cannot encode an event. Such a line has no decision and no body.';

/** What is worse than in an earlier alert about the same event; nothing if there was none. */
export function againLines({ lead }: Burst): string[] {
  const { before, leading } = lead;
  if (!before) return [];
  const words = (gravity: Gravity) => gravityWords(gravity, leading.issuance !== undefined);
  const earlier = before.gravities.map(words).join('; ');
  return [
    `This is a correction of the alert about the same event that was sent at ${utcText(before.sentAtMs)}. It stated: ${earlier}. Now it is: ${words(leading)}.`,
  ];
}

/** The use of a certificate has no phase of a request. */
function gravityWords({ severity, outcome, phase }: Gravity, isUse: boolean): string {
  return `severity ${severity}, outcome ${outcome}${isUse ? '' : `, phase ${phase}`}`;
}

/** The size of a burst and its first events; nothing for a single event. */
export function burstLines({ lead, events }: Burst, style: TextStyle): string[] {
  if (events.length === 1) return [];
  const others = events.filter((event) => event !== lead).map(({ leading }) => leading);
  const listed = others.slice(0, listedEvents).map((finding) => `- ${eventLine(finding, style)}`);
  const more = others.length - listed.length;
  return [
    `This is the most serious of ${events.length} events of this rule, cluster and user that arrived together. The alert describes it; investigate the others as well:`,
    ...listed,
    ...(more > 0 ? [`- and ${more} more; the json channel has all of them`] : []),
  ];
}

function eventLine(finding: Finding, style: TextStyle): string {
  const time = finding.time ? `${timeText(finding.time, style)}: ` : '';
  const user = suspectOf(finding) === finding.actor.name ? '' : `${userText(finding, style)} `;
  return `${time}${user}${shortAction(finding, style)}, ${gradeText(finding)}`;
}

/** Why it matters; nothing for a test. */
export function signalLines(finding: Finding, style: TextStyle): string[] {
  const { plain } = style;
  if (isCanary(finding)) return [];
  const { signals, format } = finding;
  const unlogged = format === 'legacy' ? [`- ${legacyWarning}`] : [];
  const used = finding.issuance ? [`- ${useWarning(finding, style)}`] : [];
  const listed = signals.slice(0, listedSignals).map(({ sentence }) => `- ${plain(sentence, 500)}`);
  const more = signals.length - listed.length;
  return [...unlogged, ...used, ...listed, ...(more > 0 ? [`- and ${more} more`] : [])];
}

function useWarning({ certificate, issuance }: Finding, style: TextStyle): string {
  const until = certificate?.notAfter ? ` until ${timeText(certificate.notAfter, style)}` : '';
  const missing = issuance?.requestMissing
    ? ' The log does not contain its request, so it may have been hidden.'
    : '';
  return `Kubernetes cannot revoke a client certificate: whoever holds its key can log in${until}, whatever becomes of the account that requested it.${missing}`;
}
