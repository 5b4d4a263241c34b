import { DeleteItemCommand, paginateScan } from '@aws-sdk/client-dynamodb';
import type { LocalStack } from '../../cli/local/topology.ts';
import { partitionKey } from '../../lambda/paged/item.ts';

/** Makes the stack forget what it paged, as if nothing had been sent yet. */
export async function forgetPages({ aws: { dynamoDb: client, values } }: LocalStack): Promise<void> {
  for (const { ref: TableName, attributes } of values.resources.values()) {
    if (!attributes['Arn']?.startsWith('arn:aws:dynamodb:')) continue;
    for await (const { Items: items = [] } of paginateScan({ client }, { TableName })) {
      for (const { [partitionKey]: key } of items) {
        if (key) await client.send(new DeleteItemCommand({ TableName, Key: { [partitionKey]: key } }));
      }
    }
  }
}
