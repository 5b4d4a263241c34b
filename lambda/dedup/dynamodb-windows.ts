import { randomUUID } from 'node:crypto';
import { GetItemCommand, PutItemCommand, QueryCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { gravityText } from '../findings/gravity.ts';
import { formatVersion } from '../format-version.ts';
import {
  gravitiesIn,
  type Item,
  ifConditionHolds,
  inTime,
  numberIn,
  type TimedClient,
  valuesOf,
} from './dynamodb-calls.ts';
import { dueWindows, partitionKey, timeToLiveAttribute } from './item-keys.ts';
import { joined, rolledUpIn, summaryIn } from './stored-summary.ts';
import { mergedEvents, type WindowTable } from './storm-window.ts';

/** How long a window stays in the table after its end: a summary that could not be sent is not lost. */
const keptSeconds = 7 * 86_400;
/** A summary this late shows that nothing sends summaries: alerts are no longer rolled up. */
const maxLateMs = 5 * 60_000;
/** Windows that one run summarizes; the next run continues. */
const maxDue = 200;

const alertsNotChanged = '(attribute_not_exists(alertsChangedBy) OR alertsChangedBy <> :id)';

interface Invocation {
  readonly claimedBy: string;
  readonly leaseExpiresMs: number;
  readonly now: () => number;
  /** The length of a window. */
  readonly windowMs: number;
}

/**
 * An item is `{alert, formatVersion, expires, endsMs, scope, gravities, alertCount, rolledUp}`. `scope` and `rolledUp` are
 * JSON. An item has `dueIndex` while it owes a summary, and `pendingSummary` and a lease while the summary is being sent.
 * `openedBy`, `alertsChangedBy` and `rolledUpBy` identify the last write of each kind. If the answer of a write is lost, the
 * SDK repeats the write, whose condition then fails: the identifier shows that the first attempt took effect.
 */
export function dynamoDbWindows(
  client: TimedClient,
  TableName: string,
  { claimedBy, leaseExpiresMs, now, windowMs }: Invocation,
): WindowTable {
  const keyOf = (key: string) => valuesOf({ [partitionKey]: key });
  const expiresAfter = (endsMs: number) => Math.floor(endsMs / 1_000) + keptSeconds;
  const itemOf = async (key: string): Promise<Item | undefined> => {
    const get = new GetItemCommand({ TableName, Key: keyOf(key), ConsistentRead: true });
    const { Item: item } = await inTime(client, (dynamoDb, abort) => dynamoDb.send(get, abort));
    return item && numberIn(item, 'formatVersion') !== undefined ? item : undefined;
  };
  /** @returns whether the condition held */
  const update = async (
    key: string,
    UpdateExpression: string,
    ConditionExpression: string,
    values: Parameters<typeof valuesOf>[0],
  ): Promise<boolean> => {
    const command = new UpdateItemCommand({
      TableName,
      Key: keyOf(key),
      UpdateExpression,
      ConditionExpression,
      ExpressionAttributeValues: valuesOf(values),
    });
    const answer = inTime(client, (dynamoDb, abort) => dynamoDb.send(command, abort));
    return (await ifConditionHolds(answer)) !== undefined;
  };
  /** @returns whether the condition held, or the item has the identifier of this write */
  const isWritten = async (held: boolean, key: string, name: string, id: string): Promise<boolean> =>
    held || (await itemOf(key))?.[name]?.S === id;
  return {
    async read(key) {
      const item = await itemOf(key);
      const endsMs = item && numberIn(item, 'endsMs');
      if (!item || endsMs === undefined) return undefined;
      if (endsMs + (item['dueIndex'] ? maxLateMs : 0) <= now()) return undefined;
      return {
        endsMs,
        gravities: gravitiesIn(item),
        alerts: numberIn(item, 'alertCount') ?? 0,
        rolledUp: rolledUpIn(item['rolledUp']?.S),
      };
    },
    async open(key, scope, gravities) {
      const endsMs = now() + windowMs;
      const id = randomUUID();
      const put = new PutItemCommand({
        TableName,
        Item: {
          ...keyOf(key),
          ...valuesOf({
            formatVersion,
            endsMs,
            [timeToLiveAttribute]: expiresAfter(endsMs),
            scope: JSON.stringify(scope),
            gravities: gravities.map(gravityText),
            alertCount: 1,
            openedBy: id,
          }),
        },
        ConditionExpression:
          'attribute_not_exists(formatVersion) OR (endsMs <= :nowMs AND attribute_not_exists(dueIndex))',
        ExpressionAttributeValues: valuesOf({ ':nowMs': now() }),
      });
      const answer = inTime(client, (dynamoDb, abort) => dynamoDb.send(put, abort));
      return isWritten((await ifConditionHolds(answer)) !== undefined, key, 'openedBy', id);
    },
    async addAlert(key, { endsMs }, gravities, exclusive) {
      const texts = gravities.map(gravityText);
      const unknown = exclusive ? texts.map((_, index) => ` AND NOT contains(gravities, :g${index})`) : [];
      const id = randomUUID();
      const held = await update(
        key,
        'SET alertsChangedBy = :id ADD gravities :gravities, alertCount :one',
        `endsMs = :endsMs AND ${alertsNotChanged}${unknown.join('')}`,
        {
          ':id': id,
          ':gravities': texts,
          ':one': 1,
          ':endsMs': endsMs,
          ...Object.fromEntries(exclusive ? texts.map((text, index) => [`:g${index}`, text]) : []),
        },
      );
      return isWritten(held, key, 'alertsChangedBy', id);
    },
    async removeAlert(key, gravities) {
      await update(
        key,
        'SET alertsChangedBy = :id DELETE gravities :gravities ADD alertCount :less',
        `attribute_exists(endsMs) AND ${alertsNotChanged}`,
        { ':id': randomUUID(), ':gravities': gravities.map(gravityText), ':less': -1 },
      );
    },
    async rollUp(key, { endsMs, rolledUp }, events) {
      const id = randomUUID();
      const all = rolledUp ? mergedEvents(rolledUp, events) : events;
      const seen = rolledUp ? 'rolledUp = :seen' : 'attribute_not_exists(rolledUp)';
      const held = await update(
        key,
        `SET rolledUp = :all, rolledUpBy = :id, dueIndex = :due, ${timeToLiveAttribute} = :expires`,
        `endsMs = :endsMs AND ${seen}`,
        {
          ':all': JSON.stringify(all),
          ':id': id,
          ':due': 'due',
          ':expires': expiresAfter(endsMs),
          ':endsMs': endsMs,
          ...(rolledUp ? { ':seen': JSON.stringify(rolledUp) } : {}),
        },
      );
      return isWritten(held, key, 'rolledUpBy', id);
    },
    async due(nowMs) {
      const query = new QueryCommand({
        TableName,
        IndexName: dueWindows.indexName,
        KeyConditionExpression: `${dueWindows.partitionKey} = :due AND ${dueWindows.sortKey} <= :nowMs`,
        ExpressionAttributeValues: valuesOf({ ':due': 'due', ':nowMs': nowMs }),
        Limit: maxDue,
      });
      const { Items = [] } = await inTime(client, (dynamoDb, abort) => dynamoDb.send(query, abort));
      return Items.flatMap((item) => item[partitionKey]?.S ?? []);
    },
    async takeSummary(key, nowMs) {
      const item = await itemOf(key);
      const endsMs = item && numberIn(item, 'endsMs');
      if (!item || endsMs === undefined || endsMs > nowMs) return undefined;
      const pending = item['pendingSummary']?.S;
      const rolledUp = item['rolledUp']?.S;
      // the index is behind
      if (pending === undefined && rolledUp === undefined) return undefined;
      // read before it is taken: a summary that only a later version can read is left to it
      const read = summaryIn(pending ?? joined(item['scope']?.S, rolledUp), key);
      const summary = JSON.stringify(read);
      const nextMs = nowMs + windowMs;
      const held = await update(
        key,
        `SET pendingSummary = :summary, claimedBy = :me, leaseExpiresMs = :lease, endsMs = :nextMs, ${timeToLiveAttribute} = :expires${pending === undefined ? ' REMOVE rolledUp' : ''}`,
        `endsMs = :endsMs AND (attribute_not_exists(leaseExpiresMs) OR leaseExpiresMs <= :nowMs)${pending === undefined ? ' AND rolledUp = :seen' : ''}`,
        {
          ':summary': summary,
          ':me': claimedBy,
          ':lease': leaseExpiresMs,
          ':nextMs': nextMs,
          ':expires': expiresAfter(nextMs),
          ':endsMs': endsMs,
          ':nowMs': now(),
          ...(pending === undefined ? { ':seen': rolledUp ?? '' } : {}),
        },
      );
      // an invocation takes a summary once
      return (await isWritten(held, key, 'claimedBy', claimedBy)) ? read : undefined;
    },
    async finishSummary(key) {
      const sent = 'REMOVE pendingSummary, claimedBy, leaseExpiresMs';
      const mine = 'claimedBy = :me';
      const isQuiet = await update(key, `${sent}, dueIndex`, `${mine} AND attribute_not_exists(rolledUp)`, {
        ':me': claimedBy,
      });
      // events were rolled up in the meantime: the next summary is due
      if (!isQuiet) await update(key, sent, mine, { ':me': claimedBy });
    },
    async returnSummary(key, nowMs) {
      await update(key, 'SET endsMs = :nowMs REMOVE claimedBy, leaseExpiresMs', 'claimedBy = :me', {
        ':me': claimedBy,
        ':nowMs': nowMs,
      });
    },
  };
}
