import { type AttributeValue, PutItemCommand, paginateScan } from '@aws-sdk/client-dynamodb';
import type { LocalStack } from '../../cli/local/topology.ts';

type Item = Readonly<Record<string, AttributeValue>>;

/** The items of every table, by the table's logical id. */
export interface TableContents {
  readonly version: string;
  /** Since the epoch. */
  readonly recordedAtMs: number;
  readonly tables: Readonly<Record<string, readonly Item[]>>;
}

/** Times since the epoch; the others are of events. */
const milliseconds = ['leaseExpiresMs', 'sentAtMs', 'endsMs'];
const seconds = ['expires', 'expiresAt'];

export async function readTables(stack: LocalStack, version: string): Promise<TableContents> {
  const tables: Record<string, Item[]> = {};
  for (const TableName of tableNames(stack)) {
    const items: Item[] = [];
    for await (const { Items = [] } of paginateScan({ client: stack.aws.dynamoDb }, { TableName })) {
      items.push(...Items);
    }
    tables[TableName] = items.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  }
  return { version, recordedAtMs: Date.now(), tables };
}

/** Puts the items into the tables, as if they had been written just now. */
export async function writeTables(stack: LocalStack, { recordedAtMs, tables }: TableContents): Promise<void> {
  const laterMs = Date.now() - recordedAtMs;
  for (const [TableName, items] of Object.entries(tables)) {
    for (const item of items) {
      const Item = Object.fromEntries(
        Object.entries(item).map(([name, value]) => [name, shifted(name, value, laterMs)]),
      );
      await stack.aws.dynamoDb.send(new PutItemCommand({ TableName, Item }));
    }
  }
}

function shifted(name: string, value: AttributeValue, laterMs: number): AttributeValue {
  if (value.N === undefined) return value;
  if (milliseconds.includes(name)) return { N: String(Number(value.N) + laterMs) };
  if (seconds.includes(name)) return { N: String(Number(value.N) + Math.ceil(laterMs / 1_000)) };
  return value;
}

function tableNames({ aws: { values } }: LocalStack): string[] {
  return [...values.resources.values()].flatMap(({ ref, attributes }) =>
    attributes['Arn']?.startsWith('arn:aws:dynamodb:') ? [ref] : [],
  );
}
