/**
 * The table has items of three kinds. Each has `formatVersion` and `expires`; times are since the epoch, and `expires` is in
 * seconds. An item without a version is not of csrwatch: it is ignored and overwritten.
 *
 * - An alert on a channel: `claimedBy` and `leaseExpiresMs` while it is being sent; `sentAtMs` and `gravities`, a set such as
 *   `high/succeeded/approved`, of what was sent.
 * - A window of a storm: see dynamodb-windows.ts.
 * - A notice that was sent: see notices/.
 */
export const partitionKey = 'alert';

/** The attribute by which DynamoDB deletes expired items. */
export const timeToLiveAttribute = 'expires';

export const sentTtlSeconds = 30 * 86_400;

/** The index of windows that owe a summary: a window without one has no `dueIndex`. Sorted by `endsMs`. */
export const dueWindows = { indexName: 'DueWindows', partitionKey: 'dueIndex', sortKey: 'endsMs' } as const;
