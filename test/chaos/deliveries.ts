import type { Delivery } from './history.ts';
import { random } from './random.ts';
import type { Scenario } from './scenario.ts';

/**
 * The time of an invocation. All other times keep their ratio to it: SQS delivers again after a fifth of it, and Lambda
 * retries an asynchronous invocation after one and two of it.
 */
export const timeoutMs = 8_000;
const visibilityMs = 6 * timeoutMs;
/** Fewer than the fourteen of the queue, so that a run is short. */
const maxReceives = 6;
const asyncAttempts = 3;
const streamAttempts = 6;
/** Of a storm. */
export const windowMs = 900_000;
/** When deliveries arrive that do not arrive at once: later ones meet a watch list that was read before, or another window. */
const laterMs = [100, 5_000, 70_000, 1_000_000] as const;

export function deliveriesOf({ seed, inputs }: Scenario): Delivery[] {
  const chosen = random(seed, 'deliveries');
  return inputs
    .flatMap((input) =>
      Array.from({ length: input.copies }, (): Delivery => ({ input, attempts: 0, dueMs: 0 })),
    )
    .map((delivery) => ({ delivery, order: chosen.next() }))
    .sort((a, b) => a.order - b.order)
    .map(({ delivery }, index) => ({
      ...delivery,
      dueMs: chosen.chance(0.5) ? 0 : index * chosen.pick(laterMs),
    }));
}

/** Messages of the queue and records of the stream come in batches, log deliveries one by one. */
export function batchesOf(due: readonly Delivery[], { seed }: Scenario): Delivery[][] {
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

export function maxAttemptsOf({ input }: Delivery): number {
  return { object: maxReceives, log: asyncAttempts, stream: streamAttempts }[input.kind];
}

/** Until the next attempt. */
export function delayMs({ input, attempts }: Delivery, killed: boolean): number {
  switch (input.kind) {
    case 'object':
      return killed ? visibilityMs : (timeoutMs / 5) * 2 ** (attempts - 1);
    case 'log':
      return timeoutMs * attempts;
    case 'stream':
      return killed ? timeoutMs : timeoutMs / 5;
  }
}
