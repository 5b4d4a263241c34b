import { timeoutMs } from './deliveries.ts';
import { topics } from './execution-environments.ts';
import { type Fault, isMinor, type Service } from './faults.ts';
import type { Attempt, Delivery, History } from './history.ts';
import { lostEvents, type RulesOf } from './lost-events.ts';
import { excuseOf, tableFailed } from './publication-excuses.ts';
import { messagesOn } from './sent-messages.ts';

/** @returns what is wrong with a run; empty if every promise was kept */
export function verdict(history: History, rulesOf: RulesOf): string[] {
  return [
    ...history.crashes.map((crash) => `the function crashed: ${crash}`),
    ...lostEvents(history, rulesOf),
    ...duplicates(history),
    ...needlessFailures(history),
  ];
}

/** Each message that repeats another is excused by one publication that made it unavoidable, and excuses no other. */
function duplicates(history: History): string[] {
  return Object.values(topics).flatMap((topic) => {
    const sent = messagesOn(topic, history).flatMap(({ keys, publication }) =>
      keys.map((key) => ({ key, publication })),
    );
    return [...Map.groupBy(sent, ({ key }) => key)].flatMap(([key, copies]) => {
      const excess = copies.length - 1;
      const excuses = copies.filter(({ publication }) => excuseOf(publication)).length;
      return excess > excuses
        ? [`${copies.length} times on ${topic}: ${key}; ${excuses} of them could not be avoided`]
        : [];
    });
  });
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
  const repeated = attempt.faults.filter(
    ({ service }) => service === 'sns' || service === 's3' || service === 'watch',
  );
  // after an outage the SDK has used up its retries
  const isDown = attempt.faults.some(({ service }) => service === history.scenario.weather.outage?.service);
  // of two inputs with the same event that are published at the same time, one is returned
  const isBatch = attempt.deliveries.length > 1 && attempt.log.some((line) => line.includes('is sending'));
  return (
    attempt.killed ||
    isDown ||
    isBatch ||
    // on a busy machine the services themselves are slow
    attempt.endedMs - attempt.startedMs > attempt.timeoutMs / 2 ||
    attempt.log.some((line) => line.includes('the watch list: TimeoutError')) ||
    serious.length > 0 ||
    repeated.length > 1 ||
    history.attempts.some((other) => mayHoldClaims(other, attempt, history.scenario.skewMs))
  );
}

const startMs = 1_000;

/** It ran at the same time, or ended without releasing its claims, whose leases had not expired. */
function mayHoldClaims(other: Attempt, attempt: Attempt, skewMs: number): boolean {
  if (other === attempt || other.startedMs > attempt.endedMs) return false;
  if (other.endedMs >= attempt.startedMs) return true;
  // the lease begins when the function does, which on a busy machine is later
  const expiresMs = other.startedMs + timeoutMs + Math.abs(skewMs) + startMs;
  return (other.killed || tableFailed(other)) && expiresMs >= attempt.startedMs;
}
