import { type Fault, faultOf, outageOf, type Service } from './faults.ts';
import { type Random, random } from './random.ts';

/** How bad a scenario is. */
export interface Weather {
  /** Of each request, from 0 to 1. */
  readonly probability: number;
  /** Faults happen in so many attempts of each input; later ones meet none. */
  readonly attempts: number;
  /** At most so many faults in one invocation, besides those of a service that is down. */
  readonly perInvocation: number;
  readonly kills: boolean;
  /** Requests that get no answer until the function's time is over. */
  readonly silence: boolean;
  /** A service that is down, and the fault of each of its requests. */
  readonly outage?: { readonly service: Service; readonly fault: Fault };
  /** Some invocations have little time left. */
  readonly shortTime: boolean;
}

export function weatherOf(chosen: Random): Weather {
  const service = chosen.pick<Service>(['sns', 's3', 'dedup', 'dedup', 'watch', 'sqs']);
  const fault = outageOf(service, chosen);
  return {
    probability: chosen.pick([0, 0.03, 0.1, 0.1, 0.3, 0.6]),
    attempts: chosen.pick([1, 1, 2, 3, 6]),
    perInvocation: chosen.pick([1, 1, 2, 5, 100]),
    kills: chosen.chance(0.25),
    silence: chosen.chance(0.2),
    ...(chosen.chance(0.15) ? { outage: { service, fault } } : {}),
    shortTime: chosen.chance(0.15),
  };
}

/**
 * The dedup table has most of the requests, and the queue has one only if an object failed. So that each service has each
 * fault: how much more often its requests fail, and how many of these faults are a killed function or no answer.
 */
const rarity: Readonly<Record<Service, { readonly more: number; readonly deadly: number }>> = {
  dedup: { more: 1, deadly: 0.12 },
  watch: { more: 2, deadly: 0.3 },
  sns: { more: 2, deadly: 0.3 },
  s3: { more: 2, deadly: 0.3 },
  sqs: { more: 6, deadly: 0.5 },
};

/** The fault of the n-th request of an invocation to a service, if it has one. The same seed gives the same answer. */
export function faultAt(
  seed: number,
  weather: Weather,
  place: { readonly invocation: number; readonly service: Service; readonly request: number },
): Fault | undefined {
  const { invocation, service, request } = place;
  const chosen = random(seed, invocation, service, request);
  // reading takes longer than the time that is left
  if (weather.shortTime && service === 's3' && chosen.chance(0.5)) return { kind: 'body-slow' };
  const { more, deadly } = rarity[service];
  if (!chosen.chance(Math.min(0.6, more * weather.probability))) return undefined;
  if (weather.kills && chosen.chance(deadly)) return { kind: 'kill', applied: chosen.chance(0.5) };
  if (weather.silence && chosen.chance(deadly)) return { kind: 'silence', applied: chosen.chance(0.5) };
  return faultOf(service, chosen);
}

/** After which time an invocation is killed, wherever it is. */
export function killAfterMs(seed: number, { kills }: Weather, invocation: number): number | undefined {
  const chosen = random(seed, invocation, 'kill');
  return kills && chosen.chance(0.08) ? chosen.int(0, 80) : undefined;
}

/** The time that an invocation has, of the function's timeout. */
export function timeLeftMs(
  seed: number,
  { shortTime }: Weather,
  invocation: number,
  timeoutMs: number,
): number {
  const chosen = random(seed, invocation, 'time');
  return shortTime && chosen.chance(0.5) ? chosen.int(300, 1_500) : timeoutMs;
}
