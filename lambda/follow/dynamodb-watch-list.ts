import { PutItemCommand, QueryCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import {
  type Item,
  ifConditionHolds,
  inTime,
  numberIn,
  timedClient,
  valuesOf,
} from '../dedup/dynamodb-calls.ts';
import type { FirstUse } from '../findings/finding.ts';
import { formatVersion } from '../format-version.ts';
import { at, isObject, stringAt } from '../json/read-json.ts';
import type { FollowedCertificate } from './followed-certificate.ts';
import { storable } from './storable-certificate.ts';
import { mostReadCertificates, type WatchTable } from './watch-list.ts';
import { watchListKeys } from './watch-list-keys.ts';

const { partitionKey, sortKey, timeToLiveAttribute } = watchListKeys;
const allCertificates = 'certificates';

/** Assumed of a certificate that was added by hand without an end: the cluster's own signer signs for a year by default. */
const unknownLifetimeMs = 365 * 86_400_000;

/**
 * An item is `{list, certificate, formatVersion, expiresAt, followed}`, and `firstUse` once a use is known; `followed` and
 * `firstUse` are JSON. `removed` is the reason why it was removed by hand: such an item stays until the certificate
 * expires, so that a second delivery of the issuance does not add it again. An item without a version is not of
 * csrwatch: it is ignored, and overwritten.
 * @param timeoutMs - of a call, including all attempts
 */
export function dynamoDbWatchList(TableName: string, timeoutMs: number, now: () => number): WatchTable {
  const client = timedClient(timeoutMs);
  const keyOf = (sha256: string) => valuesOf({ [partitionKey]: allCertificates, [sortKey]: sha256 });
  const put = async (followed: FollowedCertificate, replaced: string): Promise<boolean> => {
    const { sha256, notAfter = '' } = followed.certificate;
    const endMs = Date.parse(notAfter) || now() + unknownLifetimeMs;
    const command = new PutItemCommand({
      TableName,
      Item: {
        ...keyOf(sha256),
        ...valuesOf({
          formatVersion,
          // DynamoDB does not delete what expired more than five years ago
          [timeToLiveAttribute]: Math.ceil(Math.max(endMs, now()) / 1_000),
          followed: JSON.stringify(storable(followed)),
        }),
      },
      ConditionExpression: `attribute_not_exists(formatVersion)${replaced}`,
    });
    const answer = inTime(client, (dynamoDb, abort) => dynamoDb.send(command, abort));
    return (await ifConditionHolds(answer)) !== undefined;
  };
  const update = async (sha256: string, name: 'removed' | 'firstUse', value: string): Promise<boolean> => {
    const command = new UpdateItemCommand({
      TableName,
      Key: keyOf(sha256),
      UpdateExpression: `SET ${name} = :value`,
      ConditionExpression: `attribute_exists(formatVersion) AND attribute_not_exists(removed) AND attribute_not_exists(${name})`,
      ExpressionAttributeValues: valuesOf({ ':value': value }),
    });
    const answer = inTime(client, (dynamoDb, abort) => dynamoDb.send(command, abort));
    return (await ifConditionHolds(answer)) !== undefined;
  };
  return {
    async read() {
      const followed: FollowedCertificate[] = [];
      let next: Item | undefined;
      do {
        const query = new QueryCommand({
          TableName,
          KeyConditionExpression: '#list = :all',
          ExpressionAttributeNames: { '#list': partitionKey },
          ExpressionAttributeValues: valuesOf({ ':all': allCertificates }),
          ConsistentRead: true,
          ...(next ? { ExclusiveStartKey: next } : {}),
        });
        const page = await inTime(client, (dynamoDb, abort) => dynamoDb.send(query, abort));
        followed.push(...(page.Items ?? []).flatMap(followedIn));
        next = page.LastEvaluatedKey;
      } while (next && followed.length < mostReadCertificates);
      return followed.slice(0, mostReadCertificates);
    },
    add: (followed) => put(followed, ''),
    addByHand: (followed) => put(followed, ' OR attribute_exists(removed)'),
    remove: (sha256, reason) => update(sha256, 'removed', reason),
    addFirstUse: async (sha256, use) => {
      await update(sha256, 'firstUse', JSON.stringify(use));
    },
  };
}

/** A certificate whose item cannot be read, which a later version may have written, is followed all the same. */
function followedIn(item: Item): FollowedCertificate[] {
  const sha256 = item[sortKey]?.S;
  if (numberIn(item, 'formatVersion') === undefined || item['removed'] || sha256 === undefined) return [];
  const stored = parsed(item['followed']?.S);
  const followed: FollowedCertificate = isFollowed(stored)
    ? stored
    : { certificate: { sha256 }, cluster: null, issuance: {} };
  const firstUse = parsed(item['firstUse']?.S);
  return [isFirstUse(firstUse) ? { ...followed, firstUse } : followed];
}

function isFollowed(value: unknown): value is FollowedCertificate {
  return stringAt(value, 'certificate', 'sha256') !== undefined && isObject(at(value, 'issuance'));
}

function isFirstUse(value: unknown): value is FirstUse {
  return Array.isArray(at(value, 'sourceIPs'));
}

function parsed(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
}
