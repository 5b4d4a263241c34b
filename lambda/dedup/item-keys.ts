/**
 * An item of the table is a claim, `{page, claimedBy, claimedUntil (ms), expires (s)}`, or says that the page is out,
 * `{page, pagedAt (ms), expires (s)}`. Milliseconds and seconds are since the epoch.
 */
export const partitionKey = 'page';

/** The attribute by which DynamoDB drops old items. */
export const timeToLiveAttribute = 'expires';

export const sentTtlSeconds = 30 * 86_400;
