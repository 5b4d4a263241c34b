import { randomUUID } from 'node:crypto';
import { DeleteItemCommand, DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { partitionKey, rememberedSeconds, timeToLiveAttribute } from './item.ts';
import type { PagedTable } from './memory.ts';

/** Where the claims of one invocation end. */
export interface Lease {
  /** Since the epoch: the invocation is over by then, whatever became of it. */
  readonly untilMs: number;
}

/** DynamoDB answers in milliseconds; a first connection takes some hundred. All attempts end by the deadline. */
const attempts = 2;
const attemptMs = 700;
const deadlineMs = 1_500;

/** A table as an invocation sees it. */
export type OpenTable = (tableName: string, lease: Lease, now: () => number) => PagedTable;

export function dynamoDbTables(): OpenTable {
  const client = new DynamoDBClient({
    maxAttempts: attempts,
    requestHandler: { connectionTimeout: attemptMs, requestTimeout: attemptMs, throwOnRequestTimeout: true },
  });
  return (TableName, lease, now) => {
    // of this attempt alone: Lambda gives a retry the request id of the attempt before it
    const claimedBy = { S: randomUUID() };
    const number = (value: number) => ({ N: String(value) });
    const seconds = () => Math.floor(now() / 1_000);
    const identified = (page: string) => ({
      [partitionKey]: { S: page },
      [timeToLiveAttribute]: number(seconds() + rememberedSeconds),
    });
    return {
      async claim(page) {
        const put = new PutItemCommand({
          TableName,
          Item: { ...identified(page), claimedBy, claimedUntil: number(lease.untilMs) },
          // DynamoDB drops an expired item within days
          ConditionExpression: `attribute_not_exists(${partitionKey}) OR claimedUntil <= :nowMs OR ${timeToLiveAttribute} <= :nowSeconds`,
          ExpressionAttributeValues: { ':nowMs': number(now()), ':nowSeconds': number(seconds()) },
        });
        const refused = await refusedByCondition((abortSignal) => client.send(put, { abortSignal }));
        if (!refused) return 'claimed';
        const get = new GetItemCommand({
          TableName,
          Key: { [partitionKey]: { S: page } },
          ConsistentRead: true,
        });
        const { Item: found } = await inTime((abortSignal) => client.send(get, { abortSignal }));
        // the first attempt came through and its answer didn't
        if (found?.['claimedBy']?.S === claimedBy.S) return 'claimed';
        return found && !found['claimedUntil'] ? 'paged' : 'held';
      },
      async markPaged(page) {
        const put = new PutItemCommand({
          TableName,
          // whoever holds it by now: it is out
          Item: { ...identified(page), pagedAt: number(now()) },
        });
        await inTime((abortSignal) => client.send(put, { abortSignal }));
      },
      async release(page) {
        const remove = new DeleteItemCommand({
          TableName,
          Key: { [partitionKey]: { S: page } },
          ConditionExpression: 'claimedBy = :me',
          ExpressionAttributeValues: { ':me': claimedBy },
        });
        await refusedByCondition((abortSignal) => client.send(remove, { abortSignal }));
      },
    };
  };
}

/** @throws the call's error, or a TimeoutError at the deadline, whatever the call does then */
async function inTime<T>(call: (abortSignal: AbortSignal) => Promise<T>): Promise<T> {
  const signal = AbortSignal.timeout(deadlineMs);
  const deadline = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
  return Promise.race([call(signal), deadline]);
}

/** @throws what isn't the refusal */
async function refusedByCondition(call: (abortSignal: AbortSignal) => Promise<unknown>): Promise<boolean> {
  try {
    await inTime(call);
    return false;
  } catch (error) {
    if (error instanceof Error && error.name === 'ConditionalCheckFailedException') return true;
    throw error;
  }
}
