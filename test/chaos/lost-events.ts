import { topics } from './execution-environments.ts';
import type { Attempt, Delivery, History } from './history.ts';
import type { PlantedEvent, Shape } from './planted-events.ts';
import { tableFailed } from './publication-excuses.ts';
import { jsonKey, messagesOn } from './sent-messages.ts';

/** The rules that match each planted event. */
export type RulesOf = ReadonlyMap<Shape, readonly string[]>;

/** An instance knows the certificates that were on the watch list at its last reading, which is at most a minute ago. */
const refreshMs = 60_000;

/** What was in an acknowledged input must have been accepted by SNS, or be counted in a summary. */
export function lostEvents(history: History, rulesOf: RulesOf): string[] {
  const acknowledged = history.deliveries.filter(({ end }) => end === 'acknowledged');
  const unreported = acknowledged.filter(
    ({ input }) =>
      input.overwritten && !history.attempts.some((attempt) => reportsOverwritten(attempt, input.id)),
  );
  const read = acknowledged.filter(({ input }) => !input.overwritten);
  const events = [...new Set(read.flatMap((delivery) => eventsToFind(delivery, history)))];
  return [
    ...unreported.map(
      ({ input: { id } }) => `the overwritten object ${id} was acknowledged without a report`,
    ),
    ...lostFindings(events, history, rulesOf),
    ...lostAlerts(events, history),
    ...lateAlerts(events, history),
    ...unfollowed(events, history),
  ];
}

function reportsOverwritten({ log }: Attempt, key: string): boolean {
  return log.some((line) => line.includes('"object overwritten"') && line.includes(key));
}

function eventsToFind(delivery: Delivery, history: History): PlantedEvent[] {
  const { events } = delivery.input;
  const issued = new Set(
    events.filter(({ shape }) => shape === 'issuance').map((event) => event.certificate),
  );
  return events.filter(
    ({ shape, certificate }) =>
      shape !== 'use' || issued.has(certificate) || isKnown(certificate, delivery, history),
  );
}

/** Whether the invocation that acknowledged the delivery knew that the certificate is followed. */
function isKnown(certificate: string | undefined, delivery: Delivery, history: History): boolean {
  const last = history.attempts.findLast(({ deliveries }) => deliveries.includes(delivery));
  const followedMs = history.followedMs.get(certificate ?? '');
  if (last === undefined || followedMs === undefined) return false;
  const isRead = !last.log.some((line) => line.includes('the watch list failed: read'));
  return isRead && followedMs + refreshMs + 2 * Math.abs(history.scenario.skewMs) < last.startedMs;
}

function lostFindings(events: readonly PlantedEvent[], history: History, rulesOf: RulesOf): string[] {
  const sent = new Set(messagesOn(topics.json, history).flatMap(({ keys }) => keys));
  return events
    .flatMap(({ token, shape }) => (rulesOf.get(shape) ?? []).map((rule) => jsonKey(token, rule)))
    .filter((key) => !sent.has(key))
    .map((key) => `lost on json: ${key}`);
}

/** An event that no alert names must be counted, with those of its actor or with those of several actors. */
function lostAlerts(events: readonly PlantedEvent[], history: History): string[] {
  const messages = messagesOn(topics.text, history);
  const named = new Set(messages.flatMap(({ keys }) => keys));
  const counts = new Map<string | undefined, number>();
  for (const { counted } of messages) {
    if (counted) counts.set(counted.actor, (counts.get(counted.actor) ?? 0) + counted.count);
  }
  const unnamed = Map.groupBy(
    events.filter(({ token }) => !named.has(token)),
    ({ actor }) => actor,
  );
  const left = [...unnamed].flatMap(([actor, missing]) => missing.slice(counts.get(actor) ?? 0));
  const ofSeveral = counts.get(undefined) ?? 0;
  if (left.length <= ofSeveral) return [];
  const tokens = left.map(({ token }) => token).join(', ');
  return [`lost on text: ${tokens}; summaries count ${ofSeveral} events of several actors`];
}

/** So many users of a rule and cluster have alerts of their own in one window. */
const maxActorAlerts = 5;

/**
 * The first alert about a user must not wait for a summary, whatever answers are lost, if no invocation failed. A window
 * that one opened that failed may remain, and the retry is then rolled up.
 */
function lateAlerts(events: readonly PlantedEvent[], history: History): string[] {
  // an event whose window was opened by a write that counts as failed has no alert of its own
  if (history.attempts.some((attempt) => attempt.killed || attempt.failed.length > 0 || tableFailed(attempt)))
    return [];
  const named = new Set(messagesOn(topics.text, history).flatMap(({ keys }) => keys));
  const actors = new Set(
    history.scenario.events.flatMap(({ token, actor }) => (named.has(token) ? actor : [])),
  );
  if (actors.size >= maxActorAlerts) return [];
  return events
    .filter(({ actor }) => !actors.has(actor))
    .map(({ token, actor }) => `late on text: no alert names an event of ${actor}, such as ${token}`);
}

/** The certificate of an issuance must be on the watch list. */
function unfollowed(events: readonly PlantedEvent[], { followedMs }: History): string[] {
  return events
    .filter(({ shape, certificate = '' }) => shape === 'issuance' && !followedMs.has(certificate))
    .map(({ token }) => `the certificate that ${token} issued is not followed`);
}
