import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { CreateTableCommand, DeleteTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import dynalite from 'dynalite';
import { watchListKeys } from '../../lambda/follow/watch-list-keys.ts';
import { dedupTable } from '../dedup-table.ts';
import { listening } from '../loopback-server.ts';
import type { Call, Reply } from './service-replies.ts';

/** The names of the function's tables in its environment. Each scenario has tables of its own behind them. */
export const tables = { dedup: 'dedup', watch: 'watch' } as const;
export type Table = keyof typeof tables;

export interface ScenarioTables {
  /** @param scenario - begins the names of its tables */
  create(scenario: string): Promise<void>;
  remove(scenario: string): Promise<void>;
  /** Passes a request on to the scenario's table. */
  forward(call: Call): Promise<Reply>;
  stop(): Promise<void>;
}

const nameOf = (scenario: string, table: Table) => `${scenario}.${table}`;

/** DynamoDB: dynalite. */
export async function startScenarioTables(): Promise<ScenarioTables> {
  const server = dynalite({ createTableMs: 0, deleteTableMs: 0 });
  const { url, stop } = await listening(server);
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = new DynamoDBClient({
    ...{ region: 'eu-central-1', credentials },
    endpoint: url,
  });
  return {
    async create(scenario) {
      await Promise.all([
        client.send(
          new CreateTableCommand({
            ...dedupTable,
            TableName: nameOf(scenario, 'dedup'),
            BillingMode: 'PAY_PER_REQUEST',
          }),
        ),
        client.send(watchList(nameOf(scenario, 'watch'))),
      ]);
      // they are active at the next turn of the event loop
      await sleep(1);
    },
    async remove(scenario) {
      for (const table of ['dedup', 'watch'] as const)
        await client.send(new DeleteTableCommand({ TableName: nameOf(scenario, table) }));
    },
    async forward({ request, body, client: { scenario, followed } }) {
      const table = tableOf(body);
      const command: { Item?: { certificate?: { S?: string } } } = JSON.parse(body.toString());
      const changed = Buffer.from(JSON.stringify({ ...command, TableName: nameOf(scenario, table) }));
      const asked = Object.assign(Readable.from([changed]), {
        ...{ method: 'POST', url: '/', headers: request.headers },
      });
      const answer = await new Promise<{ readonly status: number; readonly body: string }>((resolve) => {
        const answering = {
          statusCode: 200,
          setHeader: () => {},
          end: (text: string) => resolve({ status: answering.statusCode, body: text }),
        };
        // its request handler is called without another connection, which would take longer than the handler
        server.emit('request', asked, answering);
      });
      const stored = command.Item?.certificate?.S;
      if (stored !== undefined && answer.status === 200) followed(stored);
      return { ...answer, headers: { 'content-type': 'application/x-amz-json-1.0' } };
    },
    async stop() {
      client.destroy();
      await stop();
    },
  };
}

/** Which of its tables the function calls. */
export function tableOf(body: Buffer): Table {
  const { TableName }: { TableName: string } = JSON.parse(body.toString());
  return TableName === tables.watch ? 'watch' : 'dedup';
}

function watchList(TableName: string): CreateTableCommand {
  const { partitionKey: list, sortKey: certificate } = watchListKeys;
  return new CreateTableCommand({
    TableName,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [
      { AttributeName: list, AttributeType: 'S' },
      { AttributeName: certificate, AttributeType: 'S' },
    ],
    KeySchema: [
      { AttributeName: list, KeyType: 'HASH' },
      { AttributeName: certificate, KeyType: 'RANGE' },
    ],
  });
}
