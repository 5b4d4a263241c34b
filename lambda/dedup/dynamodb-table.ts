import { randomUUID } from 'node:crypto';
import { DeleteItemCommand, DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { DedupTable } from './deduplication.ts';
import { partitionKey, sentTtlSeconds, timeToLiveAttribute } from './item-keys.ts';

/** A table for one invocation. `leaseExpiresMs` is since the epoch: by then the invocation has ended or timed out. */
export type OpenTable = (tableName: string, leaseExpiresMs: number, now: () => number) => DedupTable;

const attempts = 2;

/** No item, an expired lease, or an expired item that DynamoDB, which may take days, has not deleted yet. */
const freeToClaim = `attribute_not_exists(${partitionKey}) OR leaseExpiresMs <= :nowMs OR ${timeToLiveAttribute} <= :nowSeconds`;

/** @param timeoutMs - of a call, including all attempts */
export function dynamoDbTables(timeoutMs: number): OpenTable {
  const attemptMs = timeoutMs / attempts;
  const client = new DynamoDBClient({
    maxAttempts: attempts,
    requestHandler: { connectionTimeout: attemptMs, requestTimeout: attemptMs, throwOnRequestTimeout: true },
  });
  return (TableName, leaseExpiresMs, now) => {
    // unique per attempt: a retry by Lambda has the request id of the previous attempt
    const claimedBy = { S: randomUUID() };
    const seconds = () => Math.floor(now() / 1_000);
    const keyOf = (alert: string) => ({ [partitionKey]: { S: alert } });
    const itemOf = (alert: string) => ({
      ...keyOf(alert),
      [timeToLiveAttribute]: number(seconds() + sentTtlSeconds),
    });
    return {
      async claim(alert) {
        const put = new PutItemCommand({
          TableName,
          Item: { ...itemOf(alert), claimedBy, leaseExpiresMs: number(leaseExpiresMs) },
          ConditionExpression: freeToClaim,
          ExpressionAttributeValues: { ':nowMs': number(now()), ':nowSeconds': number(seconds()) },
        });
        if (await meetsCondition(inTime(timeoutMs, (abort) => client.send(put, abort)))) return 'claimed';
        const get = new GetItemCommand({ TableName, Key: keyOf(alert), ConsistentRead: true });
        const { Item: found } = await inTime(timeoutMs, (abort) => client.send(get, abort));
        // the first attempt succeeded, but its answer was lost
        if (found?.['claimedBy']?.S === claimedBy.S) return 'claimed';
        // no item: released just now by another invocation, which will be retried as well
        return found && !found['leaseExpiresMs'] ? 'sent' : 'leased';
      },
      async markSent(alert) {
        // unconditional: even if the lease was taken over, the alert has been sent
        const put = new PutItemCommand({ TableName, Item: { ...itemOf(alert), sentAtMs: number(now()) } });
        await inTime(timeoutMs, (abort) => client.send(put, abort));
      },
      async release(alert) {
        const remove = new DeleteItemCommand({
          TableName,
          Key: keyOf(alert),
          ConditionExpression: 'claimedBy = :me',
          ExpressionAttributeValues: { ':me': claimedBy },
        });
        await meetsCondition(inTime(timeoutMs, (abort) => client.send(remove, abort)));
      },
    };
  };
}

function number(value: number) {
  return { N: String(value) };
}

/** Rejects with a TimeoutError at the deadline, even if the call does not react to the abort. */
function inTime<T>(timeoutMs: number, call: (abort: { abortSignal: AbortSignal }) => Promise<T>): Promise<T> {
  const abortSignal = AbortSignal.timeout(timeoutMs);
  const late = new Promise<never>((_, reject) => {
    abortSignal.addEventListener('abort', () => reject(abortSignal.reason), { once: true });
  });
  return Promise.race([call({ abortSignal }), late]);
}

/** @throws any error but a failed condition */
async function meetsCondition(answer: Promise<unknown>): Promise<boolean> {
  try {
    await answer;
    return true;
  } catch (error) {
    if (error instanceof Error && error.name === 'ConditionalCheckFailedException') return false;
    throw error;
  }
}
