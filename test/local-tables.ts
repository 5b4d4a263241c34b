import { afterAll, beforeAll, vi } from 'vitest';
import { type LocalDynamoDb, startDynamoDb } from '../cli/local/dynamodb.ts';

const at = {
  region: 'eu-central-1',
  account: '000000000000',
  credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
};

/**
 * Tables on loopback for the tests of a file, which the SDK finds by its environment.
 * @param tables - properties of each, by logical id
 * @returns the running DynamoDB; it runs when the tests do
 */
export function useLocalTables(
  tables: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
): () => LocalDynamoDb {
  let local: LocalDynamoDb | undefined;
  beforeAll(async () => {
    const Resources = Object.fromEntries(
      Object.entries(tables).map(([id, Properties]) => [id, { Type: 'AWS::DynamoDB::Table', Properties }]),
    );
    local = await startDynamoDb({ Resources }, at);
    vi.stubEnv('AWS_REGION', at.region);
    vi.stubEnv('AWS_ACCESS_KEY_ID', at.credentials.accessKeyId);
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', at.credentials.secretAccessKey);
    vi.stubEnv('AWS_ENDPOINT_URL_DYNAMODB', local.endpoint);
  });
  afterAll(async () => {
    vi.unstubAllEnvs();
    await local?.stop();
  });
  return () => {
    if (!local) throw new Error('the local tables are there when the tests run');
    return local;
  };
}
