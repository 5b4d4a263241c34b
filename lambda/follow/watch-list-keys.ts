/**
 * The table of followed certificates. All of them are in one partition, so that one Query reads the list.
 * `timeToLiveAttribute` is the end of the certificate, in seconds since the epoch: DynamoDB deletes the item after it.
 */
export const watchListKeys = {
  partitionKey: 'list',
  sortKey: 'certificate',
  timeToLiveAttribute: 'expiresAt',
} as const;
