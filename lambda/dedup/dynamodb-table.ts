import { randomUUID } from 'node:crypto';
import { GetItemCommand, PutItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { gravityText, isCovered } from '../findings/gravity.ts';
import { formatVersion } from '../format-version.ts';
import type { DedupTable } from './deduplication.ts';
import { gravitiesIn, ifConditionHolds, inTime, numberIn, timedClient, valuesOf } from './dynamodb-calls.ts';
import { dynamoDbWindows } from './dynamodb-windows.ts';
import { partitionKey, sentTtlSeconds, timeToLiveAttribute } from './item-keys.ts';
import type { WindowTable } from './storm-window.ts';

/** The table of one invocation. */
export interface OpenedTable {
  readonly alerts: DedupTable;
  readonly windows: WindowTable;
}

/** A table for one invocation. `leaseExpiresMs` is since the epoch: by then the invocation has ended or timed out. */
export type OpenTable = (tableName: string, leaseExpiresMs: number, now: () => number) => OpenedTable;

const leaseIsFree = '(attribute_not_exists(leaseExpiresMs) OR leaseExpiresMs <= :nowMs)';

/**
 * An alert is free if it has no item of csrwatch, if its item has expired (DynamoDB may take days to delete it), or if
 * it was never sent and its lease has expired.
 */
const freeToClaim = [
  'attribute_not_exists(formatVersion)',
  `${timeToLiveAttribute} <= :nowSeconds`,
  `(attribute_not_exists(sentAtMs) AND ${leaseIsFree})`,
].join(' OR ');

/**
 * @param timeoutMs - of a call, including all attempts
 * @param windowMs - the length of a storm's windows
 */
export function dynamoDbTables(timeoutMs: number, windowMs: number): OpenTable {
  const client = timedClient(timeoutMs);
  return (TableName, leaseExpiresMs, now) => {
    // unique per attempt: a retry by Lambda has the request id of the previous attempt
    const invocation = randomUUID();
    // by alert: an invocation publishes several inputs at the same time, and they may contain the same event
    const claims = new Map<string, string>();
    const seconds = () => Math.floor(now() / 1_000);
    const keyOf = (alert: string) => valuesOf({ [partitionKey]: alert });
    const expires = () => seconds() + sentTtlSeconds;
    const alerts: DedupTable = {
      async claim(alert, gravity) {
        const claimedBy = randomUUID();
        const put = new PutItemCommand({
          TableName,
          Item: {
            ...keyOf(alert),
            ...valuesOf({ formatVersion, claimedBy, leaseExpiresMs, [timeToLiveAttribute]: expires() }),
          },
          ConditionExpression: freeToClaim,
          ExpressionAttributeValues: valuesOf({ ':nowMs': now(), ':nowSeconds': seconds() }),
          ReturnValues: 'ALL_OLD',
        });
        const claimed = await ifConditionHolds(
          inTime(client, (dynamoDb, abort) => dynamoDb.send(put, abort)),
        );
        if (claimed) {
          claims.set(alert, claimedBy);
          return { kind: 'claimed', takenOver: claimed.Attributes?.['leaseExpiresMs'] !== undefined };
        }
        const get = new GetItemCommand({ TableName, Key: keyOf(alert), ConsistentRead: true });
        const { Item: found } = await inTime(client, (dynamoDb, abort) => dynamoDb.send(get, abort));
        // DynamoDB has just deleted the item
        if (!found) return { kind: 'leased' };
        const sentAtMs = numberIn(found, 'sentAtMs');
        const before = sentAtMs === undefined ? undefined : { sentAtMs, gravities: gravitiesIn(found) };
        // the first attempt succeeded, but its answer was lost
        if (found['claimedBy']?.S === claimedBy) {
          claims.set(alert, claimedBy);
          return { kind: 'claimed', takenOver: false };
        }
        if (!before) return { kind: 'leased' };
        if (isCovered(gravity, before.gravities)) return { kind: 'sent', sentAtMs: before.sentAtMs };
        const update = new UpdateItemCommand({
          TableName,
          Key: keyOf(alert),
          UpdateExpression: `SET claimedBy = :me, leaseExpiresMs = :lease, ${timeToLiveAttribute} = :expires`,
          // the first attempt may have succeeded, too
          ConditionExpression: `sentAtMs = :sentAtMs AND (${leaseIsFree} OR claimedBy = :me)`,
          ExpressionAttributeValues: valuesOf({
            ':me': claimedBy,
            ':lease': leaseExpiresMs,
            ':expires': expires(),
            ':sentAtMs': before.sentAtMs,
            ':nowMs': now(),
          }),
          ReturnValues: 'ALL_OLD',
        });
        const again = await ifConditionHolds(
          inTime(client, (dynamoDb, abort) => dynamoDb.send(update, abort)),
        );
        if (again) claims.set(alert, claimedBy);
        const leasedBy = again?.Attributes?.['claimedBy']?.S;
        const takenOver = leasedBy !== undefined && leasedBy !== claimedBy;
        return again ? { kind: 'claimed', takenOver, before } : { kind: 'leased' };
      },
      async markSent(alert, gravity) {
        // unconditional: even if the lease was taken over, the alert has been sent
        const update = new UpdateItemCommand({
          TableName,
          Key: keyOf(alert),
          UpdateExpression: `SET formatVersion = if_not_exists(formatVersion, :version), sentAtMs = :nowMs, ${timeToLiveAttribute} = :expires ADD gravities :gravities REMOVE claimedBy, leaseExpiresMs`,
          ExpressionAttributeValues: valuesOf({
            ':version': formatVersion,
            ':nowMs': now(),
            ':expires': expires(),
            ':gravities': [gravityText(gravity)],
          }),
        });
        await inTime(client, (dynamoDb, abort) => dynamoDb.send(update, abort));
      },
      async release(alert) {
        const claimedBy = claims.get(alert);
        if (claimedBy === undefined) return;
        const update = new UpdateItemCommand({
          TableName,
          Key: keyOf(alert),
          UpdateExpression: 'REMOVE claimedBy, leaseExpiresMs',
          ConditionExpression: 'claimedBy = :me',
          ExpressionAttributeValues: valuesOf({ ':me': claimedBy }),
        });
        await ifConditionHolds(inTime(client, (dynamoDb, abort) => dynamoDb.send(update, abort)));
      },
    };
    return {
      alerts,
      windows: dynamoDbWindows(client, TableName, { claimedBy: invocation, leaseExpiresMs, now, windowMs }),
    };
  };
}
