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
  const runs = new Map<number, Promise<R>>();
  for (const [position, index] of order.entries()) {
    const delivery = deliveries[index];
    if (delivery === undefined) continue;
    const result = run(delivery);
    // reported at the end, by Promise.all
    result.catch(() => {});
    runs.set(index, result);
    const share = remainingMs(deadline) / (order.length - position);
    await settledWithin(result, share);
  }
  return Promise.all([...runs].sort(([a], [b]) => a - b).map(([, result]) => result));
}

function attempts(delivery: { readonly receiveCount?: number } | undefined): number {
  return delivery?.receiveCount ?? 1;
}
