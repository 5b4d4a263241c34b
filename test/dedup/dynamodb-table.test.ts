import { GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { describe, expect, test, vi } from 'vitest';
import { dynamoDbTables } from '../../lambda/dedup/dynamodb-table.ts';
import { type Gravity, gravityText } from '../../lambda/findings/gravity.ts';
import { useLocalTables } from '../local-tables.ts';
import { startLossyDynamoDb } from './lossy-dynamodb.ts';

const seconds = 1_000;
const day = 86_400 * seconds;
const high: Gravity = { severity: 'high', outcome: 'succeeded', phase: 'requested' };
const local = useLocalTables({
  Alerts: {
    KeySchema: [{ AttributeName: 'alert', KeyType: 'HASH' }],
    AttributeDefinitions: [{ AttributeName: 'alert', AttributeType: 'S' }],
  },
});

let nowMs = Date.UTC(2026, 0, 1);
let alerts = 0;

/** An invocation of one minute. Each claim and mark is of the same gravity, unless the test states another. */
function invocationOf() {
  const { alerts: table } = dynamoDbTables(30 * seconds, 900 * seconds)(
    'Alerts',
    nowMs + 60 * seconds,
    () => nowMs,
  );
  return {
    claim: (alert: string, gravity = high) => table.claim(alert, gravity),
    claimKind: async (alert: string, gravity = high) => (await table.claim(alert, gravity)).kind,
    markSent: (alert: string, gravity = high) => table.markSent(alert, gravity),
    release: table.release,
  };
}

/** Two invocations of one minute each, and a new alert. */
function twoInvocations() {
  alerts += 1;
  return { one: invocationOf(), two: invocationOf(), alert: `alert-${alerts}` };
}

describe('an alert in the table', () => {
  test('is leased to the first claimer until the lease expires', async () => {
    const { one, two, alert } = twoInvocations();
    expect(await one.claimKind(alert)).toBe('claimed');
    expect(await two.claimKind(alert)).toBe('leased');
    nowMs += 60 * seconds - 1;
    expect(await two.claimKind(alert)).toBe('leased');
    nowMs += 1;
    expect(await two.claimKind(alert)).toBe('claimed');
  });

  test('is leased to one input of an invocation, although another contains it', async () => {
    const { one, alert } = twoInvocations();
    expect([await one.claimKind(alert), await one.claimKind(alert)]).toEqual(['claimed', 'leased']);
    await one.release(alert);
    expect(await one.claimKind(alert)).toBe('claimed');
  });

  test('can be claimed immediately after its release', async () => {
    const { one, two, alert } = twoInvocations();
    await one.claim(alert);
    await one.release(alert);
    expect(await two.claimKind(alert)).toBe('claimed');
  });

  test('is not released by an invocation whose lease has expired, and a mark is never released', async () => {
    const { one, two, alert } = twoInvocations();
    await one.claim(alert);
    nowMs += 60 * seconds;
    const three = invocationOf();
    expect(await three.claimKind(alert)).toBe('claimed');
    await one.release(alert);
    expect(await two.claimKind(alert)).toBe('leased');
    await three.markSent(alert);
    await one.release(alert);
    expect(await two.claimKind(alert)).toBe('sent');
  });

  test('counts as sent for thirty days, even if DynamoDB deletes the item later', async () => {
    const { one, two, alert } = twoInvocations();
    await one.claim(alert);
    await one.markSent(alert);
    expect(await two.claimKind(alert)).toBe('sent');
    nowMs += 30 * day - seconds;
    expect(await two.claimKind(alert)).toBe('sent');
    nowMs += seconds;
    expect(await two.claimKind(alert)).toBe('claimed');
  });

  test('that was sent after its lease expired counts as sent, even if another has claimed it', async () => {
    const { one, two, alert } = twoInvocations();
    await one.claim(alert);
    nowMs += 60 * seconds;
    await two.claim(alert);
    await one.markSent(alert);
    await two.release(alert);
    expect(await one.claimKind(alert)).toBe('sent');
  });

  test('claimed by many concurrently is claimed by exactly one', async () => {
    const { alert } = twoInvocations();
    const invocations = Array.from({ length: 20 }, () => invocationOf());
    const claims = await Promise.all(invocations.map((invocation) => invocation.claimKind(alert)));
    expect(claims.sort()).toEqual(['claimed', ...Array(19).fill('leased')]);
  });

  test('has its expiry in seconds, as DynamoDB requires', async () => {
    const { one, alert } = twoInvocations();
    const item = async () => {
      const get = new GetItemCommand({ TableName: 'Alerts', Key: { alert: { S: alert } } });
      return (await local().client.send(get)).Item;
    };
    const expires = { N: String(Math.floor(nowMs / seconds) + (30 * day) / seconds) };
    await one.claim(alert);
    expect(await item()).toMatchObject({ expires });
    await one.markSent(alert);
    expect(await item()).toEqual({
      alert: { S: alert },
      expires,
      formatVersion: { N: '1' },
      sentAtMs: { N: String(nowMs) },
      gravities: { SS: ['high/succeeded/requested'] },
    });
  });
});

test('a claim whose answer was lost is repeated by the SDK, and finds its own claim', async () => {
  const dynamoDb = await startLossyDynamoDb(() => local().endpoint);
  vi.stubEnv('AWS_ENDPOINT_URL_DYNAMODB', dynamoDb.endpoint);
  const { one, two, alert } = twoInvocations();
  dynamoDb.lose(alert, 1);
  expect(await one.claim(alert)).toEqual({ kind: 'claimed', takenOver: false });
  expect(dynamoDb.writes(alert)).toBe(2);
  vi.stubEnv('AWS_ENDPOINT_URL_DYNAMODB', local().endpoint);
  await one.release(alert);
  await dynamoDb.stop();
  expect(await two.claimKind(alert)).toBe('claimed');
});

describe('an alert that was sent', () => {
  const dryRun: Gravity = { ...high, outcome: 'dry-run' };
  const critical: Gravity = { ...high, severity: 'critical' };

  test('can be claimed again if it is worse, and the claim states what was sent', async () => {
    const { one, two, alert } = twoInvocations();
    await one.claim(alert, dryRun);
    await one.markSent(alert, dryRun);
    const sentAtMs = nowMs;
    nowMs += seconds;
    expect(await two.claim(alert, dryRun)).toEqual({ kind: 'sent', sentAtMs });
    expect(await two.claim(alert, high)).toEqual({
      kind: 'claimed',
      takenOver: false,
      before: { sentAtMs, gravities: [dryRun] },
    });
    // meanwhile no one else sends it
    expect(await one.claimKind(alert, critical)).toBe('leased');
    expect(await one.claimKind(alert, dryRun)).toBe('sent');
    await two.markSent(alert, high);
    expect(await one.claimKind(alert, high)).toBe('sent');
    expect(await one.claim(alert, critical)).toMatchObject({
      before: { gravities: expect.arrayContaining([dryRun, high]) },
    });
  });

  test('stays sent if the worse alert could not be sent', async () => {
    const { one, two, alert } = twoInvocations();
    await one.claim(alert, dryRun);
    await one.markSent(alert, dryRun);
    await two.claim(alert, high);
    await two.release(alert);
    expect(await one.claimKind(alert, dryRun)).toBe('sent');
    expect(await one.claimKind(alert, high)).toBe('claimed');
  });

  test('worse, by an invocation that died, is taken over after its lease', async () => {
    const { one, two, alert } = twoInvocations();
    await one.claim(alert, dryRun);
    await one.markSent(alert, dryRun);
    await one.claim(alert, high);
    nowMs += 60 * seconds;
    expect(await two.claim(alert, high)).toMatchObject({ kind: 'claimed', takenOver: true });
  });

  test('by a later version is not sent again unless it is worse, and keeps what is not known', async () => {
    const { one, two, alert } = twoInvocations();
    const item = {
      alert: { S: alert },
      formatVersion: { N: '2' },
      sentAtMs: { N: '1' },
      expires: { N: '99999999999' },
      gravities: { SS: [gravityText(high), 'dreadful/succeeded/approved'] },
      addedLater: { S: 'x' },
    };
    await local().client.send(new PutItemCommand({ TableName: 'Alerts', Item: item }));
    expect(await one.claimKind(alert)).toBe('sent');
    expect(await one.claim(alert, critical)).toMatchObject({ before: { gravities: [high] } });
    await one.markSent(alert, critical);
    expect(await two.claim(alert, critical)).toMatchObject({ kind: 'sent' });
    const get = new GetItemCommand({ TableName: 'Alerts', Key: { alert: { S: alert } } });
    expect((await local().client.send(get)).Item).toMatchObject({
      formatVersion: { N: '2' },
      addedLater: { S: 'x' },
    });
  });

  test('is claimed if the item is not of csrwatch: it has no version', async () => {
    const { one, alert } = twoInvocations();
    const Item = { alert: { S: alert }, sentAtMs: { N: '1' }, expires: { N: '99999999999' } };
    await local().client.send(new PutItemCommand({ TableName: 'Alerts', Item }));
    expect(await one.claimKind(alert)).toBe('claimed');
  });
});
