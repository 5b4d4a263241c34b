import { type ExecutionEnvironment, startEnvironment } from './execution-environments.ts';
import { type Fault, faultAt, type Service } from './faults.ts';
import type { Answer } from './function-thread.ts';
import type { Accepted, Client, LocalServices } from './local-services.ts';
import { random } from './random.ts';
import { type PlannedInput, type Scenario, scenarioOf } from './scenario.ts';

/** One invocation of the function and what happened in it. Times are the simulation's. */
export interface Attempt {
  readonly number: number;
  readonly deliveries: readonly Delivery[];
  readonly startedMs: number;
  endedMs: number;
  readonly faults: { readonly service: Service; readonly fault: Fault }[];
  readonly requests: Map<Service, number>;
  killed: boolean;
  /** The inputs that were returned for retry, or were not acknowledged. */
  failed: readonly Delivery[];
  log: readonly string[];
}

/** A message that SNS accepted. */
export interface Publication extends Accepted {
  readonly attempt: Attempt;
  /** Whether the whole answer was sent. */
  answered: boolean;
}

/** One delivery of an input. It is made until it is acknowledged or given up. */
export interface Delivery {
  readonly input: PlannedInput;
  attempts: number;
  dueMs: number;
  end?: 'acknowledged' | 'given up';
}

/** What happened. */
export interface History {
  readonly scenario: Scenario;
  readonly deliveries: readonly Delivery[];
  readonly attempts: readonly Attempt[];
  readonly publications: readonly Publication[];
  readonly crashes: readonly string[];
  readonly timeoutMs: number;
}

/**
 * The time of an invocation. All other times keep their ratio to it: SQS delivers again after a fifth of it, and Lambda
 * retries an asynchronous invocation after one and two of it.
 */
export const timeoutMs = 4_000;
const visibilityMs = 6 * timeoutMs;
/** Fewer than the fourteen of the queue, so that a run is short. */
const maxReceives = 6;
const asyncAttempts = 3;
const streamAttempts = 6;
const windowMs = 900_000;

/** Runs scenarios one after the other, with execution environments that stay warm between them. */
export interface Simulator {
  run(seed: number): Promise<History>;
  stop(): void;
}

/** @param entry - path of the bundle's index.mjs */
export function simulator(entry: string, services: LocalServices): Simulator {
  const idle: ExecutionEnvironment[] = [];
  const take = async () => idle.pop() ?? (await startEnvironment(entry, services));
  const giveBack = (one: ExecutionEnvironment) => void (one.isAlive && idle.push(one));
  return {
    async run(seed) {
      const scenario = scenarioOf(seed);
      const table = `s${seed}-${entry.length}-${Math.random().toString(36).slice(2)}`;
      await services.createTable(table);
      try {
        return await runScenario(scenario, { table, services, take, giveBack });
      } finally {
        await services.deleteTable(table);
      }
    },
    stop() {
      for (const one of idle) one.kill();
    },
  };
}

interface World {
  readonly table: string;
  readonly services: LocalServices;
  readonly take: () => Promise<ExecutionEnvironment>;
  readonly giveBack: (one: ExecutionEnvironment) => void;
}

async function runScenario(scenario: Scenario, world: World): Promise<History> {
  const attempts: Attempt[] = [];
  const publications: Publication[] = [];
  const crashes: string[] = [];
  const startMs = Date.now();
  const clock = { aheadMs: 0 };
  const nowMs = () => Date.now() + clock.aheadMs - startMs;
  const deliveries = deliveriesOf(scenario);

  const invoke = async (
    event: unknown,
    due: readonly Delivery[],
    calm: boolean,
  ): Promise<Answer | undefined> => {
    const environment = await world.take();
    const attempt: Attempt = {
      ...{ number: attempts.length, deliveries: due, startedMs: nowMs(), endedMs: 0 },
      ...{ faults: [], requests: new Map(), killed: false, failed: [], log: [] },
    };
    attempts.push(attempt);
    world.services.clients.set(environment.id, clientOf(attempt, environment, calm));
    const skewMs = attempt.number % 2 === 1 ? scenario.skewMs : 0;
    const answer = await environment.invoke({ event, timeoutMs, clockMs: clock.aheadMs + skewMs });
    attempt.endedMs = nowMs();
    attempt.log = 'log' in answer ? answer.log : [];
    world.services.clients.delete(environment.id);
    if (environment.crash !== undefined) crashes.push(environment.crash);
    world.giveBack(environment);
    if (!('killed' in answer)) return answer;
    attempt.killed = true;
    return undefined;
  };

  const clientOf = (attempt: Attempt, environment: ExecutionEnvironment, calm: boolean): Client => ({
    table: world.table,
    kill: () => environment.kill(),
    next(service) {
      const request = attempt.requests.get(service) ?? 0;
      attempt.requests.set(service, request + 1);
      if (calm || attempt.faults.length >= scenario.weather.perInvocation) return undefined;
      const place = { invocation: attempt.number, service, request };
      const fault = faultAt(scenario.seed, scenario.weather, place);
      if (fault !== undefined) attempt.faults.push({ service, fault });
      return fault;
    },
    accepted(message) {
      const publication: Publication = { ...message, attempt, answered: false };
      publications.push(publication);
      return () => {
        publication.answered = true;
      };
    },
    object(key) {
      const input = scenario.inputs.find(({ id }) => id === key);
      if (input === undefined) return undefined;
      return { bytes: input.bytes, eTag: input.overwritten ? 'later' : eTagOf(input) };
    },
  });

  const deliver = async (due: readonly Delivery[]) => {
    for (const delivery of due) delivery.attempts += 1;
    const calm = due.every((delivery) => delivery.attempts > scenario.weather.attempts);
    const number = attempts.length;
    const answer = await invoke(eventOf(due), due, calm);
    const failed = new Set(failedOf(due, answer));
    const attempt = attempts.find((one) => one.number >= number && one.deliveries === due);
    if (attempt) attempt.failed = [...failed];
    for (const delivery of due) {
      if (!failed.has(delivery)) delivery.end = 'acknowledged';
      else if (delivery.attempts >= attemptsOf(delivery)) delivery.end = 'given up';
      else delivery.dueMs = nowMs() + delayMs(delivery, answer === undefined);
    }
  };

  for (;;) {
    const open = deliveries.filter(({ end }) => end === undefined);
    if (open.length === 0) break;
    const dueMs = Math.min(...open.map((delivery) => delivery.dueMs));
    clock.aheadMs += Math.max(0, dueMs - nowMs());
    const due = open.filter((delivery) => delivery.dueMs <= dueMs);
    await inTurn(batchesOf(due, scenario), scenario.together, deliver);
  }
  // the schedule runs every minute; a run that is killed or refused is followed by the next
  for (let turn = 0; turn < 6; turn += 1) {
    clock.aheadMs += windowMs + 60_000;
    const time = new Date(Date.now() + clock.aheadMs).toISOString();
    await invoke({ source: 'aws.events', 'detail-type': 'Scheduled Event', time, detail: {} }, [], turn > 2);
  }
  return { scenario, deliveries, attempts, publications, crashes, timeoutMs };
}

async function inTurn<T>(
  all: readonly T[],
  together: boolean,
  run: (one: T) => Promise<void>,
): Promise<void> {
  if (together) await Promise.all(all.map(run));
  else for (const one of all) await run(one);
}

function deliveriesOf({ seed, inputs }: Scenario): Delivery[] {
  const chosen = random(seed, 'deliveries');
  return inputs
    .flatMap((input) =>
      Array.from({ length: input.copies }, (): Delivery => ({ input, attempts: 0, dueMs: 0 })),
    )
    .map((delivery) => ({ delivery, order: chosen.next() }))
    .sort((a, b) => a.order - b.order)
    .map(({ delivery }, index) => ({ ...delivery, dueMs: chosen.chance(0.6) ? 0 : index * 100 }));
}

/** Messages of the queue and records of the stream come in batches, log deliveries one by one. */
function batchesOf(due: readonly Delivery[], { seed }: Scenario): Delivery[][] {
  const size = random(seed, 'batch').int(1, 4);
  const batches: Delivery[][] = due.flatMap((delivery) =>
    delivery.input.kind === 'log' ? [[delivery]] : [],
  );
  for (const kind of ['object', 'stream'] as const) {
    const all = due.filter(({ input }) => input.kind === kind);
    for (let at = 0; at < all.length; at += size) batches.push(all.slice(at, at + size));
  }
  return batches;
}

function attemptsOf({ input }: Delivery): number {
  return { object: maxReceives, log: asyncAttempts, stream: streamAttempts }[input.kind];
}

/** Until the next attempt. */
function delayMs({ input, attempts }: Delivery, killed: boolean): number {
  switch (input.kind) {
    case 'object':
      return killed ? visibilityMs : (timeoutMs / 5) * 2 ** (attempts - 1);
    case 'log':
      return timeoutMs * attempts;
    case 'stream':
      return killed ? timeoutMs : timeoutMs / 5;
  }
}

const eTagOf = ({ id }: PlannedInput) => `etag-${id}`;
const messageIdOf = (index: number) => `message-${index}`;

function eventOf(due: readonly Delivery[]): unknown {
  const [first] = due;
  switch (first?.input.kind) {
    case 'log':
      return { awslogs: { data: first.input.bytes.toString('base64') } };
    case 'object':
      return { Records: due.map((delivery, index) => queueMessage(delivery, index)) };
    case 'stream':
    case undefined:
      return {
        Records: due.map(({ input }, index) => ({
          eventSource: 'aws:kinesis',
          eventSourceARN: 'arn:aws:kinesis:eu-central-1:000000000000:stream/logs',
          kinesis: { sequenceNumber: messageIdOf(index), data: input.bytes.toString('base64') },
        })),
      };
  }
}

function queueMessage({ input, attempts }: Delivery, index: number): unknown {
  const notification = {
    eventSource: 'aws:s3',
    eventName: 'ObjectCreated:Put',
    awsRegion: 'eu-central-1',
    s3: { bucket: { name: 'audit-logs' }, object: { key: input.id, eTag: eTagOf(input) } },
  };
  return {
    messageId: messageIdOf(index),
    receiptHandle: `handle-${index}`,
    body: JSON.stringify({ Records: [notification] }),
    attributes: { ApproximateReceiveCount: String(attempts) },
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:aws:sqs:eu-central-1:000000000000:objects',
  };
}

/** What AWS delivers again after such an answer; `undefined` if the function did not live to answer. */
function failedOf(due: readonly Delivery[], answer: Answer | undefined): readonly Delivery[] {
  if (answer === undefined || !answer.ok) return due;
  if (due[0]?.input.kind === 'log') return [];
  const { batchItemFailures = [] }: { batchItemFailures?: { itemIdentifier: string }[] } =
    answer.result ?? {};
  const returned = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
  return due.filter((_, index) => returned.has(messageIdOf(index)));
}
