import type { Fault, Service } from './faults.ts';
import type { PlannedInput, Scenario } from './scenario.ts';
import type { Accepted } from './service-replies.ts';

/** What a service refused though nothing was wrong with it. `repeated`: the SDK's second attempt. */
export type Refusal = 'overwritten' | `${'' | 'repeated '}condition of ${'dedup' | 'watch'}`;

/** One invocation of the function and what happened in it. Times are the simulation's. */
export interface Attempt {
  readonly number: number;
  readonly deliveries: readonly Delivery[];
  readonly startedMs: number;
  /** The time that it had. */
  readonly timeoutMs: number;
  endedMs: number;
  readonly faults: { readonly service: Service; readonly fault: Fault }[];
  readonly refusals: Refusal[];
  readonly requests: Map<Service, number>;
  killed: boolean;
  /** The inputs that were returned for retry, or were not acknowledged. */
  failed: readonly Delivery[];
  log: readonly string[];
  /** What the function threw. */
  error?: string;
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
  /** When the watch list got each certificate. */
  readonly followedMs: ReadonlyMap<string, number>;
  readonly crashes: readonly string[];
}
