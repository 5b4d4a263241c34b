/**
 * An item of the table is a claim, `{alert, claimedBy, leaseExpiresMs, expires}`, or records that the alert was sent,
 * `{alert, sentAtMs, expires}`. Times are since the epoch; `expires` is in seconds.
 */
export const partitionKey = 'alert';

/** The attribute by which DynamoDB deletes expired items. */
export const timeToLiveAttribute = 'expires';

export const sentTtlSeconds = 30 * 86_400;
