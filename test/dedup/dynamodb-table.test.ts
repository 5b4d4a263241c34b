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
    Paged: {
      Type: 'AWS::DynamoDB::Table',
      Properties: {
        KeySchema: [{ AttributeName: 'page', KeyType: 'HASH' }],
        AttributeDefinitions: [{ AttributeName: 'page', AttributeType: 'S' }],
      },
    },
  },
};

let local: LocalDynamoDb;
let nowMs = Date.UTC(2026, 0, 1);
let pages = 0;

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

/** Two invocations with a minute each, and a page that neither has met. */
function twoInvocations() {
  const open = dynamoDbTables(30 * seconds);
  const invocation = () => open('Paged', nowMs + 60 * seconds, () => nowMs);
  pages += 1;
  return { one: invocation(), two: invocation(), page: `page-${pages}` };
}

describe('a page in the table', () => {
  test('is claimed by one, and held for the other until the lease lapses', async () => {
    const { one, two, page } = twoInvocations();
    expect(await one.claim(page)).toBe('claimed');
    expect(await two.claim(page)).toBe('held');
    nowMs += 60 * seconds - 1;
    expect(await two.claim(page)).toBe('held');
    nowMs += 1;
    expect(await two.claim(page)).toBe('claimed');
  });

  test('claimed again by the same invocation is its own: an answer may have been lost', async () => {
    const { one, page } = twoInvocations();
    await one.claim(page);
    expect(await one.claim(page)).toBe('claimed');
  });

  test('given back is free at once', async () => {
    const { one, two, page } = twoInvocations();
    await one.claim(page);
    await one.release(page);
    expect(await two.claim(page)).toBe('claimed');
  });

  test('is not given back by one whose lease has lapsed, nor is the mark of another', async () => {
    const { one, two, page } = twoInvocations();
    await one.claim(page);
    nowMs += 60 * seconds;
    const three = dynamoDbTables(30 * seconds)('Paged', nowMs + 60 * seconds, () => nowMs);
    expect(await three.claim(page)).toBe('claimed');
    await one.release(page);
    expect(await two.claim(page)).toBe('held');
    await three.markPaged(page);
    await one.release(page);
    expect(await two.claim(page)).toBe('paged');
  });

  test('that went out is out for thirty days, whether DynamoDB drops it in time or not', async () => {
    const { one, two, page } = twoInvocations();
    await one.claim(page);
    await one.markPaged(page);
    expect(await two.claim(page)).toBe('paged');
    nowMs += 30 * day - seconds;
    expect(await two.claim(page)).toBe('paged');
    nowMs += seconds;
    expect(await two.claim(page)).toBe('claimed');
  });

  test('that went out after its lease is out, whoever holds it by then', async () => {
    const { one, two, page } = twoInvocations();
    await one.claim(page);
    nowMs += 60 * seconds;
    await two.claim(page);
    await one.markPaged(page);
    await two.release(page);
    expect(await one.claim(page)).toBe('paged');
  });

  test('claimed by many at once is claimed by one of them', async () => {
    const { page } = twoInvocations();
    const invocations = Array.from({ length: 20 }, () =>
      dynamoDbTables(30 * seconds)('Paged', nowMs + 60 * seconds, () => nowMs),
    );
    const claims = await Promise.all(invocations.map((invocation) => invocation.claim(page)));
    expect(claims.sort()).toEqual(['claimed', ...Array(19).fill('held')]);
  });

  test('says in seconds when DynamoDB may drop it', async () => {
    const { one, page } = twoInvocations();
    const item = async () => {
      const get = new GetItemCommand({ TableName: 'Paged', Key: { page: { S: page } } });
      return (await local.client.send(get)).Item;
    };
    const expires = { N: String(Math.floor(nowMs / seconds) + (30 * day) / seconds) };
    await one.claim(page);
    expect(await item()).toMatchObject({ expires });
    await one.markPaged(page);
    expect(await item()).toEqual({ page: { S: page }, expires, pagedAt: { N: String(nowMs) } });
  });
});
