import { timeoutMs } from './deliveries.ts';
import { topics } from './execution-environments.ts';
import { type Fault, faultsOf, type Service, services } from './faults.ts';
import type { Attempt, Delivery, History, Refusal } from './history.ts';
import { type Excuse, excuseOf, excuses } from './publication-excuses.ts';
import { messagesOn } from './sent-messages.ts';

/** What happened in a run, by kind. */
export type Effects = Readonly<Record<string, number>>;

const described = (service: Service, fault: Fault): string => {
  switch (fault.kind) {
    case 'error':
      return `${service}: ${fault.code}`;
    case 'partial':
      return `${service}: entries that fail ${fault.senderFault ? 'at every attempt' : 'once'}`;
    case 'cut':
      return `${service}: connection cut before the request took effect`;
    case 'answer-lost':
      return `${service}: connection cut before the answer`;
    case 'answer-cut':
      return `${service}: connection cut in the middle of the answer`;
    case 'slow':
      return `${service}: slow answer`;
    case 'body-slow':
      return `${service}: slow body`;
    case 'silence':
      return `${service}: no answer to a request that took ${fault.applied ? 'effect' : 'none'}`;
    case 'kill':
      return `${service}: function killed ${fault.applied ? 'after' : 'before'} the request took effect`;
  }
};
const refusals: Readonly<Record<Refusal, string>> = {
  overwritten: 's3: 412 for an overwritten object',
  'condition of dedup': 'dedup: condition that fails',
  'condition of watch': 'watch: condition that fails',
  'repeated condition of dedup': 'dedup: condition that fails as the answer of the first attempt was lost',
  'repeated condition of watch': 'watch: condition that fails as the answer of the first attempt was lost',
};
const twice = (excuse: Excuse) => `messages: sent twice as ${excuse}`;
const down = (service: Service) => `${service}: down`;

/** The kinds of what can happen to an invocation, besides its requests. */
const kindsOfInvocation: Readonly<Record<string, (attempt: Attempt, history: History) => boolean>> = {
  'function: killed at a request': ({ killed, faults }) => killed && faults.some(isKill),
  'function: killed at any other time': (attempt) =>
    attempt.killed && !attempt.faults.some(isKill) && lengthOf(attempt) < attempt.timeoutMs,
  'function: killed as its time was over': (attempt) =>
    attempt.killed && lengthOf(attempt) >= attempt.timeoutMs,
  'function: little time from the start': (attempt) => attempt.timeoutMs < timeoutMs,
  'function: no time to read an input to its end': hasLogged('ran out of time'),
  'function: another clock than the invocation before': ({ number }, { scenario }) =>
    number > 0 && scenario.skewMs !== 0,
  'function: alerts sent without deduplication': hasLogged('sent without deduplication'),
  'function: alert that another invocation is sending': hasLogged('another invocation is sending'),
  'deliveries: a part of a batch returned': ({ failed, deliveries }) =>
    failed.length > 0 && failed.length < deliveries.length,
  'deliveries: at the same time': (attempt, { attempts }) =>
    attempts.some((other) => other !== attempt && isConcurrent(attempt, other)),
  'deliveries: the same event at the same time': (attempt, { attempts }) =>
    attempts.some(
      (other) => other !== attempt && isConcurrent(attempt, other) && haveSameEvent(attempt, other),
    ),
};
const kindsOfDelivery: Readonly<Record<string, (delivery: Delivery, history: History) => boolean>> = {
  'deliveries: repeated although none failed': (delivery, { deliveries }) =>
    deliveries.find(({ input }) => input === delivery.input) !== delivery,
  'deliveries: out of order': (delivery, { deliveries, scenario: { inputs } }) =>
    inputs.indexOf(deliveries[deliveries.indexOf(delivery) - 1]?.input ?? delivery.input) >
    inputs.indexOf(delivery.input),
  'deliveries: tried again': ({ attempts }) => attempts > 1,
  'deliveries: given up': ({ end }) => end === 'given up',
};

/** Whatever a schedule must contain: a kind that does not happen in many runs is a defect of the schedule. */
export const effectKinds: readonly string[] = [
  ...services.flatMap((service) => [
    ...new Set(faultsOf(service).map((fault) => described(service, fault))),
    down(service),
  ]),
  ...Object.values(refusals),
  ...Object.keys(kindsOfInvocation),
  ...Object.keys(kindsOfDelivery),
  ...excuses.map(twice),
];

export function effectsOf(history: History): Effects {
  const { attempts, deliveries, scenario } = history;
  const { outage } = scenario.weather;
  const all = [
    ...attempts.flatMap((attempt) => [
      ...attempt.faults.map(({ service, fault }) =>
        service === outage?.service ? down(service) : described(service, fault),
      ),
      ...attempt.refusals.map((refusal) => refusals[refusal]),
      ...namesOf(kindsOfInvocation, (holds) => holds(attempt, history)),
    ]),
    ...unavoidableDuplicates(history).map(twice),
    ...deliveries.flatMap((delivery) => namesOf(kindsOfDelivery, (holds) => holds(delivery, history))),
  ];
  return Object.fromEntries([...Map.groupBy(all, (name) => name)].map(([name, same]) => [name, same.length]));
}

function unavoidableDuplicates(history: History): Excuse[] {
  return Object.values(topics).flatMap((topic) => {
    const sent = messagesOn(topic, history).flatMap(({ keys, publication }) =>
      keys.map((key) => ({ key, excuse: excuseOf(publication) })),
    );
    return [...Map.groupBy(sent, ({ key }) => key).values()].flatMap((copies) =>
      copies.slice(0, -1).flatMap(({ excuse }) => excuse ?? []),
    );
  });
}

function namesOf<T>(kinds: Readonly<Record<string, T>>, holds: (kind: T) => boolean): string[] {
  return Object.entries(kinds).flatMap(([name, kind]) => (holds(kind) ? [name] : []));
}

function isKill({ fault }: { readonly fault: Fault }): boolean {
  return fault.kind === 'kill';
}

function hasLogged(text: string): (attempt: Attempt) => boolean {
  return ({ log, error = '' }) => error.includes(text) || log.some((line) => line.includes(text));
}

function lengthOf({ startedMs, endedMs }: Attempt): number {
  return endedMs - startedMs;
}

function isConcurrent(a: Attempt, b: Attempt): boolean {
  return a.startedMs < b.endedMs && b.startedMs < a.endedMs;
}

function haveSameEvent(a: Attempt, b: Attempt): boolean {
  const events = new Set(a.deliveries.flatMap(({ input }) => input.events));
  return b.deliveries.some(({ input }) => input.events.some((event) => events.has(event)));
}
