import { randomUUID } from 'node:crypto';
import { DeleteItemCommand, DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { partitionKey, timeToLiveAttribute } from '../dedup/item-keys.ts';
import { formatVersion } from '../format-version.ts';
import type { NoticeTable } from './send-notice.ts';

/**
 * No item, or one of an earlier window that DynamoDB, which may take days, has not deleted yet; or the caller's own: the SDK
 * repeats a claim whose answer was lost.
 */
const windowIsFree = `attribute_not_exists(${partitionKey}) OR ${timeToLiveAttribute} <= :nowSeconds OR claimedBy = :me`;
const attempts = 2;

/** The dedup table. @param timeoutMs - of a call, including all attempts */
export function dynamoDbNotices(TableName: string, timeoutMs: number, now: () => number): NoticeTable {
  const attemptMs = timeoutMs / attempts;
  const client = new DynamoDBClient({
    maxAttempts: attempts,
    requestHandler: { connectionTimeout: attemptMs, requestTimeout: attemptMs, throwOnRequestTimeout: true },
  });
  const seconds = (ms: number) => ({ N: String(Math.ceil(ms / 1_000)) });
  const abort = () => ({ abortSignal: AbortSignal.timeout(timeoutMs) });
  return {
    async claim(key, windowMs) {
      const claimedBy = { S: randomUUID() };
      const put = new PutItemCommand({
        TableName,
        Item: {
          [partitionKey]: { S: key },
          formatVersion: { N: String(formatVersion) },
          claimedBy,
          [timeToLiveAttribute]: seconds(now() + windowMs),
        },
        ConditionExpression: windowIsFree,
        ExpressionAttributeValues: { ':nowSeconds': seconds(now()), ':me': claimedBy },
      });
      try {
        await client.send(put, abort());
        return true;
      } catch (error) {
        if (error instanceof Error && error.name === 'ConditionalCheckFailedException') return false;
        throw error;
      }
    },
    async release(key) {
      await client.send(new DeleteItemCommand({ TableName, Key: { [partitionKey]: { S: key } } }), abort());
    },
  };
}
