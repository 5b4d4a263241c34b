import { batchesOf, delayMs, deliveriesOf, maxAttemptsOf, timeoutMs, windowMs } from './deliveries.ts';
import type { ExecutionEnvironment, Functions } from './execution-environments.ts';
import type { Answer } from './function-thread.ts';
import type { Attempt, Delivery, History, Publication } from './history.ts';
import { eTagOf, eventOf, failedOf, summaryEvent } from './lambda-events.ts';
import type { Client, LocalServices } from './local-services.ts';
import { type Scenario, scenarioOf } from './scenario.ts';
import { faultAt, killAfterMs, timeLeftMs } from './weather.ts';

/** Runs scenarios one after the other, with execution environments that stay warm between them. */
export interface Simulator {
  run(seed: number): Promise<History>;
  stop(): void;
}

/** The clock of the execution environments, which a simulation moves forward. */
interface Clock {
  aheadMs: number;
}

export function simulator(functions: Functions, services: LocalServices): Simulator {
  const idle: ExecutionEnvironment[] = [];
  const take = async () => idle.pop() ?? (await functions.start());
  const giveBack = (one: ExecutionEnvironment) => void (one.isAlive && idle.push(one));
  const clock: Clock = { aheadMs: 0 };
  return {
    async run(seed) {
      const name = `s${seed}-${Math.random().toString(36).slice(2)}`;
      const scenario = scenarioOf(seed);
      await services.tables.create(name);
      try {
        // what a warm environment remembers of an earlier scenario must be old
        clock.aheadMs += betweenScenariosMs;
        return await runScenario(scenario, { name, services, clock, take, giveBack });
      } finally {
        await services.tables.remove(name);
        // the SDK of a warm environment does not retry until it has forgotten the outage
        if (scenario.weather.outage) for (const one of idle.splice(0)) one.kill();
      }
    },
    stop() {
      for (const one of idle) one.kill();
    },
  };
}

const betweenScenariosMs = 7_200_000;
/** Of the schedule of summaries; the last ones meet no faults. */
const maxTurns = 8;
const turnsWithFaults = 3;

interface World {
  /** Begins the names of the scenario's tables. */
  readonly name: string;
  readonly services: LocalServices;
  readonly clock: Clock;
  readonly take: () => Promise<ExecutionEnvironment>;
  readonly giveBack: (one: ExecutionEnvironment) => void;
}

async function runScenario(scenario: Scenario, world: World): Promise<History> {
  const { seed, weather } = scenario;
  const { clock, services } = world;
  const attempts: Attempt[] = [];
  const publications: Publication[] = [];
  const followedMs = new Map<string, number>();
  const crashes: string[] = [];
  const startMs = Date.now() + clock.aheadMs;
  const nowMs = () => Date.now() + clock.aheadMs - startMs;
  const deliveries = deliveriesOf(scenario);

  const invoke = async (
    event: unknown,
    due: readonly Delivery[],
    calm: boolean,
  ): Promise<{ readonly attempt: Attempt; readonly answer: Answer | undefined }> => {
    const environment = await world.take();
    const number = attempts.length;
    const leftMs = calm ? timeoutMs : timeLeftMs(seed, weather, number, timeoutMs);
    const attempt: Attempt = {
      ...{ number, deliveries: due, startedMs: nowMs(), timeoutMs: leftMs, endedMs: 0 },
      ...{ faults: [], refusals: [], requests: new Map(), killed: false, failed: [], log: [] },
    };
    attempts.push(attempt);
    services.clients.set(environment.id, clientOf(attempt, environment, calm));
    const skewMs = number % 2 === 1 ? scenario.skewMs : 0;
    const killMs = calm ? undefined : killAfterMs(seed, weather, number);
    const killing = killMs === undefined ? undefined : setTimeout(environment.kill, killMs);
    const answer = await environment.invoke({ event, timeoutMs: leftMs, clockMs: clock.aheadMs + skewMs });
    clearTimeout(killing);
    attempt.endedMs = nowMs();
    attempt.log = 'log' in answer ? answer.log : [];
    services.clients.delete(environment.id);
    crashes.push(...environment.crashes);
    if (environment.crashes.length > 0) environment.kill();
    world.giveBack(environment);
    if (!('killed' in answer)) {
      if (!answer.ok) attempt.error = answer.reason;
      return { attempt, answer };
    }
    attempt.killed = true;
    return { attempt, answer: undefined };
  };

  const clientOf = (attempt: Attempt, environment: ExecutionEnvironment, calm: boolean): Client => ({
    scenario: world.name,
    now: () => Date.now() + clock.aheadMs,
    kill: () => environment.kill(),
    next(service) {
      const request = attempt.requests.get(service) ?? 0;
      attempt.requests.set(service, request + 1);
      if (calm) return undefined;
      const isDown = service === weather.outage?.service;
      if (!isDown && attempt.faults.length >= weather.perInvocation) return undefined;
      const place = { invocation: attempt.number, service, request };
      const fault = isDown ? weather.outage?.fault : faultAt(seed, weather, place);
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
    refused: (refusal) => void attempt.refusals.push(refusal),
    object(key) {
      const input = scenario.inputs.find(({ id }) => id === key);
      if (input === undefined) return undefined;
      return { bytes: input.bytes, eTag: input.overwritten ? 'later' : eTagOf(input) };
    },
    followed(certificate) {
      if (!followedMs.has(certificate)) followedMs.set(certificate, nowMs());
    },
  });

  const deliver = async (due: readonly Delivery[]) => {
    for (const delivery of due) delivery.attempts += 1;
    const calm = due.every((delivery) => delivery.attempts > weather.attempts);
    const { attempt, answer } = await invoke(eventOf(due), due, calm);
    const failed = new Set(failedOf(due, answer));
    attempt.failed = [...failed];
    for (const delivery of due) {
      if (!failed.has(delivery)) delivery.end = 'acknowledged';
      else if (delivery.attempts >= maxAttemptsOf(delivery)) delivery.end = 'given up';
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
  for (let turn = 0; turn < maxTurns; turn += 1) {
    clock.aheadMs += windowMs + 60_000;
    const calm = turn >= turnsWithFaults;
    const { attempt } = await invoke(summaryEvent(Date.now() + clock.aheadMs), [], calm);
    if (nothingWasDue(attempt)) break;
  }
  return { scenario, deliveries, attempts, publications, followedMs, crashes };
}

/** It queried the windows, and did no more. */
function nothingWasDue({ faults, killed, error, requests }: Attempt): boolean {
  return faults.length === 0 && !killed && error === undefined && requests.get('dedup') === 1;
}

async function inTurn<T>(
  all: readonly T[],
  together: boolean,
  run: (one: T) => Promise<void>,
): Promise<void> {
  if (together) await Promise.all(all.map(run));
  else for (const one of all) await run(one);
}
