import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { describe, expect, test } from 'vitest';
import {
  gravitiesIn,
  ifConditionHolds,
  inTime,
  numberIn,
  timedClient,
  valuesOf,
} from '../../lambda/dedup/dynamodb-calls.ts';
import { dynamoDbTables } from '../../lambda/dedup/dynamodb-table.ts';
import type { Gravity } from '../../lambda/findings/gravity.ts';
import { type Answer, scriptDynamoDb } from './scripted-dynamodb.ts';

const never = () => new Promise<never>(() => {});
const high: Gravity = { severity: 'high', outcome: 'succeeded', phase: 'requested' };

/** Against a DynamoDB that gives these answers. @returns the result, and the operations that were called */
async function against<T>(answers: readonly Answer[], call: () => Promise<T>) {
  const dynamoDb = await scriptDynamoDb(answers);
  try {
    const result = await call();
    return { result, operations: dynamoDb.requests.map(([operation]) => operation), ...dynamoDb };
  } finally {
    await dynamoDb.stop();
  }
}

const refused: Answer = { error: 'ConditionalCheckFailedException' };
const nothing: Answer = { response: {} };

describe('a call', () => {
  test('ends at its deadline, even if it ignores the abort', async () => {
    const client = timedClient(5);
    await expect(inTime(client, never)).rejects.toThrow(expect.objectContaining({ name: 'TimeoutError' }));
  });

  test('is aborted at its deadline', async () => {
    let signal: AbortSignal | undefined;
    const late = inTime(timedClient(5), (_, { abortSignal }) => {
      signal = abortSignal;
      return never();
    });
    expect(signal?.aborted).toBe(false);
    await late.catch(() => {});
    expect(signal?.aborted).toBe(true);
  });

  test('passes on what is answered in time', async () => {
    const client = timedClient(5_000);
    expect(await inTime(client, async (dynamoDb) => dynamoDb === client.client)).toBe(true);
    await expect(inTime(client, () => Promise.reject(new RangeError('no')))).rejects.toThrow(RangeError);
  });

  test('is attempted twice, each attempt for half of the time', async () => {
    const get = new GetItemCommand({ TableName: 'Alerts', Key: valuesOf({ alert: 'a' }) });
    const { client } = timedClient(60);
    const { result, operations } = await against(['silence', 'silence', nothing], () => {
      return client.send(get).catch((error: Error) => error.name);
    });
    expect({ result, operations }).toEqual({ result: 'TimeoutError', operations: ['GetItem', 'GetItem'] });
    const config = { connectionTimeout: 30, requestTimeout: 30 };
    expect(client.config.requestHandler).toMatchObject({ config });
  });
});

describe('a conditional write', () => {
  test('has no answer if the condition does not hold', async () => {
    const failed = Object.assign(new Error('no'), { name: 'ConditionalCheckFailedException' });
    expect(await ifConditionHolds(Promise.reject(failed))).toBeUndefined();
    expect(await ifConditionHolds(Promise.resolve('written'))).toBe('written');
  });

  test.each([
    ['another error', new RangeError('no')],
    ['what is no error', { name: 'ConditionalCheckFailedException' }],
    ['nothing', undefined],
  ])('rejects with %s', async (_, error) => {
    await expect(ifConditionHolds(Promise.reject(error))).rejects.toBe(error);
  });
});

test('values are stored by their types, and a set holds each text once', () => {
  expect(valuesOf({ a: 1, b: 'x', c: ['x', 'y', 'x'] })).toEqual({
    a: { N: '1' },
    b: { S: 'x' },
    c: { SS: ['x', 'y'] },
  });
  expect(numberIn({ a: { N: '1' }, b: { S: '2' } }, 'a')).toBe(1);
  expect(numberIn({ a: { N: '1' }, b: { S: '2' } }, 'b')).toBeUndefined();
  expect(numberIn({}, 'a')).toBeUndefined();
});

test('gravities that are missing or of a later version are none', () => {
  expect(gravitiesIn({})).toEqual([]);
  expect(gravitiesIn({ gravities: { S: 'high/succeeded/requested' } })).toEqual([]);
  expect(gravitiesIn({ gravities: { SS: ['x', 'high/succeeded/requested'] } })).toEqual([high]);
});

describe('the requests of a claim', () => {
  const claim = () => dynamoDbTables(20_000, 1)('Alerts', 2, () => 1).alerts.claim('a', high);
  const critical = { severity: 'critical', outcome: 'dry-run', phase: 'requested' };
  const sent = {
    Item: {
      formatVersion: { N: '1' },
      sentAtMs: { N: '7' },
      gravities: { SS: [Object.values(critical).join('/')] },
    },
  };

  test('a new alert takes one', async () => {
    const { result, operations } = await against([nothing], claim);
    expect({ result, operations }).toEqual({
      result: { kind: 'claimed', takenOver: false },
      operations: ['PutItem'],
    });
  });

  test('an alert whose lease had expired is taken over', async () => {
    const old = { Attributes: { leaseExpiresMs: { N: '0' } } };
    const { result, operations } = await against([{ response: old }], claim);
    expect({ result, operations }).toEqual({
      result: { kind: 'claimed', takenOver: true },
      operations: ['PutItem'],
    });
  });

  test('an alert that another invocation claimed is looked up as it is now', async () => {
    const leased = { Item: { formatVersion: { N: '1' }, claimedBy: { S: 'other' } } };
    const { result, requests } = await against([refused, { response: leased }], claim);
    expect(result).toEqual({ kind: 'leased' });
    expect(requests[1]).toEqual([
      'GetItem',
      { TableName: 'Alerts', Key: { alert: { S: 'a' } }, ConsistentRead: true },
    ]);
  });

  test('an alert that DynamoDB deletes in the meantime is claimed by the next attempt', async () => {
    const { result, operations } = await against([refused, nothing], claim);
    expect({ result, operations }).toEqual({
      result: { kind: 'leased' },
      operations: ['PutItem', 'GetItem'],
    });
  });

  test.each<[string, Answer, object]>([
    ['is the claim of who was first', refused, { kind: 'leased' }],
    [
      'was not claimed by another',
      { response: { Attributes: sent.Item } },
      { kind: 'claimed', takenOver: false, before: { sentAtMs: 7, gravities: [critical] } },
    ],
    [
      'was claimed by an invocation that died',
      { response: { Attributes: { ...sent.Item, claimedBy: { S: 'other' } } } },
      { kind: 'claimed', takenOver: true, before: { sentAtMs: 7, gravities: [critical] } },
    ],
    [
      'was claimed without old values',
      nothing,
      { kind: 'claimed', takenOver: false, before: { sentAtMs: 7, gravities: [critical] } },
    ],
  ])('an alert that is worse now %s', async (_, answer, expected) => {
    const { result, operations } = await against([refused, { response: sent }, answer], claim);
    expect({ result, operations }).toEqual({
      result: expected,
      operations: ['PutItem', 'GetItem', 'UpdateItem'],
    });
  });

  test('an alert that was not claimed is not released', async () => {
    const { operations } = await against([refused, { response: sent }, refused], async () => {
      const { alerts } = dynamoDbTables(20_000, 1)('Alerts', 2, () => 1);
      expect(await alerts.claim('a', high)).toEqual({ kind: 'leased' });
      await alerts.release('a');
      await alerts.release('never claimed');
    });
    expect(operations).toEqual(['PutItem', 'GetItem', 'UpdateItem']);
  });
});

describe('the requests for a window', () => {
  const windows = () => dynamoDbTables(20_000, 900_000)('Alerts', 2, () => 1).windows;
  const item = {
    formatVersion: { N: '1' },
    endsMs: { N: '5' },
    scope: { S: '{"id":"s","rule":{"id":"r","name":"R"}}' },
    rolledUp: { S: '{"count":1,"worst":"low"}' },
  };

  test('it is read as it is now', async () => {
    const { requests } = await against([nothing], () => windows().read('w'));
    expect(requests).toEqual([
      ['GetItem', { TableName: 'Alerts', Key: { alert: { S: 'w' } }, ConsistentRead: true }],
    ]);
  });

  test('events that are rolled up while a summary is taken are not lost', async () => {
    const more = { ...item, rolledUp: { S: '{"count":2,"worst":"low"}' } };
    const { result, requests } = await against(
      [{ response: { Item: item } }, refused, { response: { Item: more } }],
      () => windows().takeSummary('w', 9),
    );
    expect(result).toBeUndefined();
    expect(requests[1]?.[1]).toMatchObject({
      ConditionExpression: expect.stringMatching(/ AND rolledUp = :seen$/),
      ExpressionAttributeValues: { ':seen': item.rolledUp },
    });
  });

  const window = { endsMs: 5, gravities: [], alerts: 1, rolledUp: undefined };
  const scope = { id: 's', rule: { id: 'r', name: 'R' }, cluster: null };
  const events = { count: 1, worst: 'low', lastFindingId: '', lastActor: null } as const;
  const writes: readonly [string, string, (table: ReturnType<typeof windows>) => Promise<unknown>][] = [
    ['opens a window', 'openedBy', (table) => table.open('w', scope, [high])],
    ['adds an alert', 'alertsChangedBy', (table) => table.addAlert('w', window, [high], true)],
    ['rolls up events', 'rolledUpBy', (table) => table.rollUp('w', window, events)],
  ];
  test.each(writes)('a repeated write that %s finds its identifier', async (_, name, write) => {
    const written = (requests: readonly (readonly [string, Record<string, unknown>])[]) => {
      const id = /"S":"([-0-9a-f]{36})"/.exec(JSON.stringify(requests[0]))?.[1];
      return { Item: { formatVersion: { N: '1' }, [name]: { S: id } } };
    };
    const own = await against([refused, { response: written }], () => write(windows()));
    expect({ result: own.result, operations: own.operations[1] }).toEqual({
      result: true,
      operations: 'GetItem',
    });
    const another = { Item: { formatVersion: { N: '1' }, [name]: { S: 'other' } } };
    expect((await against([refused, { response: another }], () => write(windows()))).result).toBe(false);
    expect((await against([nothing], () => write(windows()))).result).toBe(true);
  });

  test('a summary whose claim is repeated is taken', async () => {
    const written = (requests: readonly (readonly [string, Record<string, unknown>])[]) => {
      const { ':me': claimedBy } = Object(requests[1]?.[1]['ExpressionAttributeValues']);
      return { Item: { ...item, claimedBy } };
    };
    const answers = [{ response: { Item: item } }, refused, { response: written }];
    const { result } = await against(answers, () => windows().takeSummary('w', 9));
    expect(result).toMatchObject({ count: 1, worst: 'low', scope });
  });

  test('no key is due if the answer has no list, and an item without a key is passed by', async () => {
    expect((await against([nothing], () => windows().due(1))).result).toEqual([]);
    const Items = [{ alert: { N: '1' } }, {}, { alert: { S: 'w' } }];
    const { result, requests } = await against([{ response: { Items } }], () => windows().due(1));
    expect(result).toEqual(['w']);
    expect(requests[0]?.[1]).toMatchObject({ IndexName: 'DueWindows', Limit: 200 });
  });

  test('a summary whose window rolled up nothing more is finished with one request', async () => {
    const finish = () => windows().finishSummary('w');
    expect((await against([nothing], finish)).operations).toEqual(['UpdateItem']);
    expect((await against([refused, nothing], finish)).operations).toEqual(['UpdateItem', 'UpdateItem']);
  });
});
