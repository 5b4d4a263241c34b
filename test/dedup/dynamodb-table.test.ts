import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type LocalDynamoDb, startDynamoDb } from '../../cli/local/dynamodb.ts';
import { dynamoDbTables } from '../../lambda/dedup/dynamodb-table.ts';

const seconds = 1_000;
const day = 86_400 * seconds;
const at = {
  region: 'eu-central-1',
  account: '000000000000',
  credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
};
const template = {
  Resources: {
    Alerts: {
      Type: 'AWS::DynamoDB::Table',
      Properties: {
        KeySchema: [{ AttributeName: 'alert', KeyType: 'HASH' }],
        AttributeDefinitions: [{ AttributeName: 'alert', AttributeType: 'S' }],
      },
    },
  },
};

let local: LocalDynamoDb;
let nowMs = Date.UTC(2026, 0, 1);
let alerts = 0;

beforeAll(async () => {
  local = await startDynamoDb(template, at);
  vi.stubEnv('AWS_REGION', at.region);
  vi.stubEnv('AWS_ACCESS_KEY_ID', at.credentials.accessKeyId);
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', at.credentials.secretAccessKey);
  vi.stubEnv('AWS_ENDPOINT_URL_DYNAMODB', local.endpoint);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await local.stop();
});

/** Two invocations of one minute each, and a new alert. */
function twoInvocations() {
  const open = dynamoDbTables(30 * seconds);
  const invocation = () => open('Alerts', nowMs + 60 * seconds, () => nowMs);
  alerts += 1;
  return { one: invocation(), two: invocation(), alert: `alert-${alerts}` };
}

describe('an alert in the table', () => {
  test('is leased to the first claimer until the lease expires', async () => {
    const { one, two, alert } = twoInvocations();
    expect(await one.claim(alert)).toBe('claimed');
    expect(await two.claim(alert)).toBe('leased');
    nowMs += 60 * seconds - 1;
    expect(await two.claim(alert)).toBe('leased');
    nowMs += 1;
    expect(await two.claim(alert)).toBe('claimed');
  });

  test('can be claimed again by the same invocation, since an answer may have been lost', async () => {
    const { one, alert } = twoInvocations();
    await one.claim(alert);
    expect(await one.claim(alert)).toBe('claimed');
  });

  test('can be claimed immediately after its release', async () => {
    const { one, two, alert } = twoInvocations();
    await one.claim(alert);
    await one.release(alert);
    expect(await two.claim(alert)).toBe('claimed');
  });

  test('is not released by an invocation whose lease has expired, and a mark is never released', async () => {
    const { one, two, alert } = twoInvocations();
    await one.claim(alert);
    nowMs += 60 * seconds;
    const three = dynamoDbTables(30 * seconds)('Alerts', nowMs + 60 * seconds, () => nowMs);
    expect(await three.claim(alert)).toBe('claimed');
    await one.release(alert);
    expect(await two.claim(alert)).toBe('leased');
    await three.markSent(alert);
    await one.release(alert);
    expect(await two.claim(alert)).toBe('sent');
  });

  test('counts as sent for thirty days, even if DynamoDB deletes the item later', async () => {
    const { one, two, alert } = twoInvocations();
    await one.claim(alert);
    await one.markSent(alert);
    expect(await two.claim(alert)).toBe('sent');
    nowMs += 30 * day - seconds;
    expect(await two.claim(alert)).toBe('sent');
    nowMs += seconds;
    expect(await two.claim(alert)).toBe('claimed');
  });

  test('that was sent after its lease expired counts as sent, even if another has claimed it', async () => {
    const { one, two, alert } = twoInvocations();
    await one.claim(alert);
    nowMs += 60 * seconds;
    await two.claim(alert);
    await one.markSent(alert);
    await two.release(alert);
    expect(await one.claim(alert)).toBe('sent');
  });

  test('claimed by many concurrently is claimed by exactly one', async () => {
    const { alert } = twoInvocations();
    const invocations = Array.from({ length: 20 }, () =>
      dynamoDbTables(30 * seconds)('Alerts', nowMs + 60 * seconds, () => nowMs),
    );
    const claims = await Promise.all(invocations.map((invocation) => invocation.claim(alert)));
    expect(claims.sort()).toEqual(['claimed', ...Array(19).fill('leased')]);
  });

  test('has its expiry in seconds, as DynamoDB requires', async () => {
    const { one, alert } = twoInvocations();
    const item = async () => {
      const get = new GetItemCommand({ TableName: 'Alerts', Key: { alert: { S: alert } } });
      return (await local.client.send(get)).Item;
    };
    const expires = { N: String(Math.floor(nowMs / seconds) + (30 * day) / seconds) };
    await one.claim(alert);
    expect(await item()).toMatchObject({ expires });
    await one.markSent(alert);
    expect(await item()).toEqual({ alert: { S: alert }, expires, sentAtMs: { N: String(nowMs) } });
  });
});
