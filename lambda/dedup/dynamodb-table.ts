import { randomUUID } from 'node:crypto';
import { DeleteItemCommand, DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { DedupTable } from './deduplication.ts';
import { partitionKey, sentTtlSeconds, timeToLiveAttribute } from './item-keys.ts';

/** A table as an invocation sees it. `leaseUntilMs` is since the epoch: by then the invocation is over, whatever became of it. */
export type OpenTable = (tableName: string, leaseUntilMs: number, now: () => number) => DedupTable;

const attempts = 2;

/** Absent, left by who must be dead by now, or so old that DynamoDB, which takes days to drop it, could have. */
const freeToClaim = `attribute_not_exists(${partitionKey}) OR claimedUntil <= :nowMs OR ${timeToLiveAttribute} <= :nowSeconds`;

/** @param timeoutMs - by when a call has failed, all attempts together */
export function dynamoDbTables(timeoutMs: number): OpenTable {
  const attemptMs = timeoutMs / attempts;
  const client = new DynamoDBClient({
    maxAttempts: attempts,
    requestHandler: { connectionTimeout: attemptMs, requestTimeout: attemptMs, throwOnRequestTimeout: true },
  });
  return (TableName, leaseUntilMs, now) => {
    // of this attempt alone: Lambda gives a retry the request id of the attempt before it
    const claimedBy = { S: randomUUID() };
    const seconds = () => Math.floor(now() / 1_000);
    const keyOf = (page: string) => ({ [partitionKey]: { S: page } });
    const itemOf = (page: string) => ({
      ...keyOf(page),
      [timeToLiveAttribute]: number(seconds() + sentTtlSeconds),
    });
    return {
      async claim(page) {
        const put = new PutItemCommand({
          TableName,
          Item: { ...itemOf(page), claimedBy, claimedUntil: number(leaseUntilMs) },
          ConditionExpression: freeToClaim,
          ExpressionAttributeValues: { ':nowMs': number(now()), ':nowSeconds': number(seconds()) },
        });
        if (await meetsCondition(inTime(timeoutMs, (abort) => client.send(put, abort)))) return 'claimed';
        const get = new GetItemCommand({ TableName, Key: keyOf(page), ConsistentRead: true });
        const { Item: found } = await inTime(timeoutMs, (abort) => client.send(get, abort));
        // the first attempt came through and its answer didn't
        if (found?.['claimedBy']?.S === claimedBy.S) return 'claimed';
        // who has just given it back is trying again, too
        return found && !found['claimedUntil'] ? 'paged' : 'held';
      },
      async markPaged(page) {
        // whoever holds it by now: it is out
        const put = new PutItemCommand({ TableName, Item: { ...itemOf(page), pagedAt: number(now()) } });
        await inTime(timeoutMs, (abort) => client.send(put, abort));
      },
      async release(page) {
        const remove = new DeleteItemCommand({
          TableName,
          Key: keyOf(page),
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

/** Rejects with a TimeoutError at the deadline, whatever the call does then. */
function inTime<T>(timeoutMs: number, call: (abort: { abortSignal: AbortSignal }) => Promise<T>): Promise<T> {
  const abortSignal = AbortSignal.timeout(timeoutMs);
  const late = new Promise<never>((_, reject) => {
    abortSignal.addEventListener('abort', () => reject(abortSignal.reason), { once: true });
  });
  return Promise.race([call({ abortSignal }), late]);
}

/** @throws what isn't the condition's refusal */
async function meetsCondition(answer: Promise<unknown>): Promise<boolean> {
  try {
    await answer;
    return true;
  } catch (error) {
    if (error instanceof Error && error.name === 'ConditionalCheckFailedException') return false;
    throw error;
  }
}
