import { type Deadline, remainingMs, settledWithin } from './deadline.ts';

/**
 * Runs each delivery of a batch so that none of them can stop the others. Redelivered messages come last, since one of them
 * may be the one that ended the invocation before. A delivery that takes longer than its share of the time goes on beside
 * the next ones.
 * @returns the results, in the order of the deliveries
 */
export async function runBatch<D extends { readonly receiveCount?: number }, R>(
  deliveries: readonly D[],
  deadline: Deadline,
  run: (delivery: D) => Promise<R>,
): Promise<R[]> {
  const order = [...deliveries.keys()].sort((a, b) => attempts(deliveries[a]) - attempts(deliveries[b]));
  const runs = new Map<number, Promise<PromiseSettledResult<R>>>();
  for (const [position, index] of order.entries()) {
    const delivery = deliveries[index];
    if (delivery === undefined) continue;
    const result = settle(run(delivery));
    runs.set(index, result);
    const share = remainingMs(deadline) / (order.length - position);
    await settledWithin(result, share);
  }
  const results = await Promise.all([...runs].sort(([a], [b]) => a - b).map(([, result]) => result));
  return results.map((result) => {
    if (result.status === 'rejected') throw result.reason;
    return result.value;
  });
}

/** A run that fails must not stop the others, so its error is thrown after all have ended. */
async function settle<R>(run: Promise<R>): Promise<PromiseSettledResult<R>> {
  const [result] = await Promise.allSettled([run]);
  return result;
}

function attempts(delivery: { readonly receiveCount?: number } | undefined): number {
  return delivery?.receiveCount ?? 1;
}
