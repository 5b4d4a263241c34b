import { topics } from './execution-environments.ts';
import { type Fault, isMinor, type Service } from './faults.ts';
import type { PlantedEvent, ShapeName } from './scenario.ts';
import type { Attempt, Delivery, History, Publication } from './simulation.ts';

/** The rules that match each planted event. */
export type RulesOf = ReadonlyMap<ShapeName, readonly string[]>;

/** @returns what is wrong with a run; empty if every promise was kept */
export function verdict(history: History, rulesOf: RulesOf): string[] {
  return [
    ...history.crashes.map((crash) => `the function crashed: ${crash}`),
    ...lost(history, rulesOf),
    ...duplicates(history),
    ...needlessFailures(history),
  ];
}

/** An alert as the subscribers of a channel see it: what identifies it, and its publication. */
interface Sent {
  readonly key: string;
  readonly publication: Publication;
}

function sentOn(topic: string, { publications }: History): Sent[] {
  return publications.flatMap((publication): Sent[] => {
    if (publication.topic !== topic) return [];
    return keysOf(publication).map((key) => ({ key, publication }));
  });
}

/** On `json` the event and the rule, on `text` the event. A summary has none. */
function keysOf({ topic, message }: Publication): string[] {
  if (topic === topics.json) {
    const { event, rule }: { event: { auditID: string }; rule: { id: string } } = JSON.parse(message);
    return [jsonKey(event.auditID, rule.id)];
  }
  const { email }: { email: string } = JSON.parse(message);
  if (summarized(email) > 0) return [];
  return [...new Set([...email.matchAll(/user-(t\d+x\d+)\./g)].flatMap(([, token]) => token ?? []))];
}

const jsonKey = (token: string, rule: string) => `${token} ${rule}`;

function summarized(email: string): number {
  return Number(/(\d+) more events? /.exec(email)?.[1] ?? 0);
}

/** What was in an acknowledged input must have been accepted by SNS, or be counted in a summary. */
function lost(history: History, rulesOf: RulesOf): string[] {
  const held = new Set<PlantedEvent>();
  for (const { input, end } of history.deliveries) {
    if (end !== 'acknowledged') continue;
    if (!input.overwritten) for (const event of input.events) held.add(event);
    else if (!history.attempts.some((attempt) => reportsOverwritten(attempt, input.id)))
      return [`the overwritten object ${input.id} was acknowledged without a report`];
  }
  const json = new Set(sentOn(topics.json, history).map(({ key }) => key));
  const findings = [...held].flatMap(({ token, shape }) =>
    (rulesOf.get(shape) ?? []).map((rule) => jsonKey(token, rule)),
  );
  const text = new Set(sentOn(topics.text, history).map(({ key }) => key));
  const alerts = [...held].filter(({ token }) => !text.has(token));
  const inSummaries = history.publications.reduce(
    (sum, { topic, message }) => sum + (topic === topics.text ? summarized(JSON.parse(message).email) : 0),
    0,
  );
  return [
    ...findings.filter((key) => !json.has(key)).map((key) => `lost on json: ${key}`),
    ...(alerts.length > inSummaries
      ? [`lost on text: ${alerts.map(({ token }) => token).join(', ')}; ${inSummaries} are in summaries`]
      : []),
  ];
}

function reportsOverwritten({ log }: Attempt, key: string): boolean {
  return log.some((line) => line.includes('"object overwritten"') && line.includes(key));
}

/**
 * A duplicate is excused only by what made it unavoidable: a publication whose answer was lost, whose function died, or
 * by an invocation whose table failed. Each excuses one.
 */
function duplicates(history: History): string[] {
  return Object.values(topics).flatMap((topic) => {
    const byKey = Map.groupBy(sentOn(topic, history), ({ key }) => key);
    return [...byKey].flatMap(([key, sent]) => {
      const excess = sent.length - 1;
      if (excess === 0) return [];
      const excuses = sent.filter(
        ({ publication: { answered, attempt } }) => !answered || attempt.killed || tableFailed(attempt),
      ).length;
      return excess > excuses
        ? [`${sent.length} times on ${topic}: ${key}; ${excuses} of them could not be avoided`]
        : [];
    });
  });
}

/** By an injected fault, or because the table was slower than its time limit on a busy machine. */
function tableFailed({ faults, log }: Attempt): boolean {
  return (
    faults.some(({ service }) => service === 'dynamodb') ||
    log.some((line) => line.includes('sent without deduplication'))
  );
}

/** An input is returned for retry only for a reason that a retry within the invocation could not remove. */
function needlessFailures(history: History): string[] {
  return history.attempts.flatMap((attempt) => {
    if (attempt.failed.length === 0 || hasCause(attempt, history)) return [];
    const faults = attempt.faults.map(described).join(', ') || 'no fault';
    const reasons = attempt.log.flatMap((line) => /"reasons":(\[.*\])/.exec(line)?.[1] ?? []).join(', ');
    const inputs = attempt.failed.map(named).join(', ');
    return [`invocation ${attempt.number} failed with ${faults}: ${inputs}: ${reasons}`];
  });
}

const described = ({ service, fault }: { service: Service; fault: Fault }) =>
  `${service} ${JSON.stringify(fault)}`;
const named = ({ input, attempts }: Delivery) => `${input.id} at its attempt ${attempts}`;

function hasCause(attempt: Attempt, history: History): boolean {
  const serious = attempt.faults.filter(({ service, fault }) => !isMinor(service, fault));
  const repeated = attempt.faults.filter(({ service }) => service === 'sns' || service === 's3');
  return (
    attempt.killed ||
    // on a busy machine the services themselves are slow
    attempt.endedMs - attempt.startedMs > history.timeoutMs / 2 ||
    serious.length > 0 ||
    repeated.length > 1 ||
    history.attempts.some((other) => mayHoldClaims(other, attempt, history.timeoutMs))
  );
}

/** It ran at the same time, or ended without releasing its claims, whose leases had not expired. */
function mayHoldClaims(other: Attempt, attempt: Attempt, leaseMs: number): boolean {
  if (other === attempt || other.startedMs > attempt.endedMs) return false;
  if (other.endedMs >= attempt.startedMs) return true;
  return (other.killed || tableFailed(other)) && other.startedMs + leaseMs >= attempt.startedMs;
}
