/**
 * Calls `act` for each item, at most `limit` at a time. If a call rejects, the others end first: what still runs when an
 * invocation ends would go on in the next one.
 * @returns the results in the order of the items
 */
export async function concurrently<T, R>(
  limit: number,
  items: readonly T[],
  act: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  const waiting = items.entries();
  const worker = async () => {
    for (const [index, item] of waiting) results[index] = await act(item);
  };
  const ended = await Promise.allSettled(Array.from({ length: Math.min(limit, items.length) }, worker));
  for (const one of ended) if (one.status === 'rejected') throw one.reason;
  return results;
}
