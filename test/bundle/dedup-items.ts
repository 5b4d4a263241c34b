import {
  type AttributeValue,
  DeleteItemCommand,
  PutItemCommand,
  paginateScan,
} from '@aws-sdk/client-dynamodb';
import type { LocalStack } from '../../cli/local/topology.ts';
import { partitionKey } from '../../lambda/dedup/item-keys.ts';
import { watchListKeys } from '../../lambda/follow/watch-list-keys.ts';

type Item = Readonly<Record<string, AttributeValue>>;

/** Empties the dedup table only. */
export async function forgetAlerts(stack: LocalStack): Promise<void> {
  for await (const { TableName, item } of remembered(stack)) {
    const { [partitionKey]: key } = item;
    if (key)
      await stack.aws.dynamoDb.send(new DeleteItemCommand({ TableName, Key: { [partitionKey]: key } }));
  }
}

/** Empties the dedup table and the watch list, as if nothing had been sent yet. */
export async function forgetSent(stack: LocalStack): Promise<void> {
  const { dynamoDb } = stack.aws;
  for await (const { TableName, item } of remembered(stack)) {
    const names = partitionKey in item ? [partitionKey] : [watchListKeys.partitionKey, watchListKeys.sortKey];
    const Key = Object.fromEntries(Object.entries(item).filter(([name]) => names.includes(name)));
    await dynamoDb.send(new DeleteItemCommand({ TableName, Key }));
  }
}

/** Makes every claim expire without waiting for it. */
export async function expireClaims(stack: LocalStack): Promise<void> {
  for await (const { TableName, item } of remembered(stack)) {
    if (!item['leaseExpiresMs']) continue;
    const lapsed = { ...item, leaseExpiresMs: { N: '1' } };
    await stack.aws.dynamoDb.send(new PutItemCommand({ TableName, Item: lapsed }));
  }
}

async function* remembered({
  aws: { dynamoDb: client, values },
}: LocalStack): AsyncGenerator<{ TableName: string; item: Item }> {
  for (const { ref: TableName, attributes } of values.resources.values()) {
    if (!attributes['Arn']?.startsWith('arn:aws:dynamodb:')) continue;
    for await (const { Items: items = [] } of paginateScan({ client }, { TableName })) {
      for (const item of items) yield { TableName, item };
    }
  }
}
