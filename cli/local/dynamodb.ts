import { once } from 'node:events';
import {
  CreateTableCommand,
  DynamoDBClient,
  type GlobalSecondaryIndex,
  type KeySchemaElement,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import dynalite from 'dynalite';
import { type Physical, resourcesOf, type Template } from './template.ts';

export interface LocalDynamoDb {
  readonly client: DynamoDBClient;
  readonly endpoint: string;
  /** The template's tables, by logical id. */
  readonly tables: ReadonlyMap<string, Physical>;
  stop(): Promise<void>;
}

interface TableProperties {
  readonly KeySchema?: KeySchemaElement[];
  readonly AttributeDefinitions?: { AttributeName: string; AttributeType: 'S' | 'N' | 'B' }[];
  readonly GlobalSecondaryIndexes?: GlobalSecondaryIndex[];
}

/**
 * DynamoDB on loopback with the template's tables, which start empty. Time to live has no effect.
 * @param at - region, account and credentials of the local AWS
 */
export async function startDynamoDb(
  template: Template,
  at: {
    readonly region: string;
    readonly account: string;
    readonly credentials: { accessKeyId: string; secretAccessKey: string };
  },
): Promise<LocalDynamoDb> {
  const server = dynalite({ createTableMs: 0 });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the local DynamoDB has no port');
  const endpoint = `http://127.0.0.1:${address.port}`;
  const { region, account, credentials } = at;
  const client = new DynamoDBClient({ region, credentials, endpoint });
  const tables = new Map<string, Physical>();
  for (const [id, { Properties: properties = {} }] of resourcesOf(template, 'AWS::DynamoDB::Table')) {
    const { KeySchema, AttributeDefinitions, GlobalSecondaryIndexes } = properties as TableProperties;
    await client.send(
      new CreateTableCommand({
        TableName: id,
        KeySchema,
        AttributeDefinitions,
        ...(GlobalSecondaryIndexes ? { GlobalSecondaryIndexes } : {}),
        BillingMode: 'PAY_PER_REQUEST',
      }),
    );
    await waitUntilTableExists({ client, maxWaitTime: 10, minDelay: 0.05 }, { TableName: id });
    const arn = `arn:aws:dynamodb:${region}:${account}:table/${id}`;
    tables.set(id, { ref: id, attributes: { Arn: arn } });
  }
  return {
    client,
    endpoint,
    tables,
    async stop() {
      client.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
