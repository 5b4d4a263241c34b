import type { CreateTableCommandInput } from '@aws-sdk/client-dynamodb';
import { dueWindows, partitionKey } from '../lambda/dedup/item-keys.ts';

const { indexName, partitionKey: due, sortKey } = dueWindows;

/** The dedup table's keys and index, as properties of its template and as DynamoDB's CreateTable takes them. */
export const dedupTable: Pick<
  CreateTableCommandInput,
  'KeySchema' | 'AttributeDefinitions' | 'GlobalSecondaryIndexes'
> = {
  KeySchema: [{ AttributeName: partitionKey, KeyType: 'HASH' }],
  AttributeDefinitions: [
    { AttributeName: partitionKey, AttributeType: 'S' },
    { AttributeName: due, AttributeType: 'S' },
    { AttributeName: sortKey, AttributeType: 'N' },
  ],
  GlobalSecondaryIndexes: [
    {
      IndexName: indexName,
      KeySchema: [
        { AttributeName: due, KeyType: 'HASH' },
        { AttributeName: sortKey, KeyType: 'RANGE' },
      ],
      Projection: { ProjectionType: 'KEYS_ONLY' },
    },
  ],
};
