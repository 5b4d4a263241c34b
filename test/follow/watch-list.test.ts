import {
  type AttributeValue,
  BatchWriteItemCommand,
  PutItemCommand,
  ScanCommand,
} from '@aws-sdk/client-dynamodb';
import { beforeEach, describe, expect, test } from 'vitest';
import { dynamoDbWatchList } from '../../lambda/follow/dynamodb-watch-list.ts';
import type { FollowedCertificate } from '../../lambda/follow/followed-certificate.ts';
import { maxCertificates, WatchList } from '../../lambda/follow/watch-list.ts';
import { useLocalTables } from '../local-tables.ts';

const tableProperties = {
  KeySchema: [
    { AttributeName: 'list', KeyType: 'HASH' },
    { AttributeName: 'certificate', KeyType: 'RANGE' },
  ],
  AttributeDefinitions: ['list', 'certificate'].map((AttributeName) => ({
    AttributeName,
    AttributeType: 'S',
  })),
};
/** One for each test. */
const local = useLocalTables(
  Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`List${index}`, tableProperties])),
);

let tables = 0;
let nowMs = Date.UTC(2026, 10, 24);

beforeEach(() => {
  tables += 1;
});

const tableName = () => `List${tables}`;
const table = () => dynamoDbWatchList(tableName(), 30_000, () => nowMs);
/** The list of an instance that has read the table. */
async function instance() {
  const list = new WatchList(table(), () => nowMs);
  await list.refresh();
  return list;
}

const sha256 = (number: number) => number.toString(16).padStart(64, '0');

function followed(number: number, changes: Partial<FollowedCertificate> = {}): FollowedCertificate {
  const notAfter = '2027-11-23T21:51:10Z';
  return {
    certificate: { sha256: sha256(number), serialNumber: '1', notBefore: '2026-11-23T21:51:10Z', notAfter },
    cluster: 'prod',
    issuance: { csrName: `csr-${number}`, eventDigest: 'ab'.repeat(16) },
    ...changes,
  };
}

async function items(): Promise<Record<string, AttributeValue>[]> {
  const { Items = [] } = await local().client.send(new ScanCommand({ TableName: tableName() }));
  return Items;
}

test('a certificate is added once, and stays until it expires', async () => {
  const list = await instance();
  expect(await list.add(followed(1))).toEqual({ kind: 'added' });
  expect(await list.add(followed(1))).toEqual({ kind: 'known' });
  expect(await items()).toMatchObject([
    { list: { S: 'certificates' }, expiresAt: { N: String(Date.parse('2027-11-23T21:51:10Z') / 1_000) } },
  ]);
  expect((await instance()).certificates.get(sha256(1))).toEqual(followed(1));
});

test('two instances that add the same certificate at once leave one item', async () => {
  const lists = await Promise.all([instance(), instance(), instance()]);
  const added = await Promise.all(lists.map((list) => list.add(followed(1))));
  expect(added.map(({ kind }) => kind).sort()).toEqual(['added', 'known', 'known']);
  expect(await items()).toHaveLength(1);
  for (const list of lists) expect(list.certificates.size).toBe(1);
});

test('another instance knows it after a minute', async () => {
  const [one, other] = [await instance(), await instance()];
  await one.add(followed(1));
  nowMs += 59_999;
  expect(await other.refresh()).toEqual({ kind: 'still fresh' });
  expect(other.certificates.size).toBe(0);
  nowMs += 1;
  expect(await other.refresh()).toEqual({ kind: 'read' });
  expect(other.certificates.size).toBe(1);
});

test('what was removed by hand is not added by its issuance, but by hand', async () => {
  const list = await instance();
  await list.add(followed(1));
  expect(await table().remove(sha256(1), 'a test')).toBe(true);
  expect(await table().remove(sha256(1), 'again')).toBe(false);
  expect(await table().remove(sha256(2), 'was never there')).toBe(false);
  expect(await (await instance()).add(followed(1))).toEqual({ kind: 'removed' });
  expect((await instance()).certificates.size).toBe(0);
  expect(await table().addByHand(followed(1))).toBe(true);
  expect((await instance()).certificates.size).toBe(1);
});

test('the first use is stored once', async () => {
  const list = await instance();
  await list.add(followed(1));
  const first = { sourceIPs: ['198.51.100.77'], time: '2026-11-23T21:56:10Z' };
  expect(await list.addFirstUse(sha256(1), first)).toBeUndefined();
  expect(await (await instance()).addFirstUse(sha256(1), { sourceIPs: ['203.0.113.9'] })).toBeUndefined();
  expect((await instance()).certificates.get(sha256(1))?.firstUse).toEqual(first);
});

test('a certificate is followed even if its item cannot be read or is of a later version', async () => {
  await (await instance()).add(followed(1));
  const put = (number: number, text: string, version: object) => {
    const Item = {
      list: { S: 'certificates' },
      certificate: { S: sha256(number) },
      followed: { S: text },
      ...version,
    };
    return local().client.send(new PutItemCommand({ TableName: tableName(), Item }));
  };
  const known = (number: number) => ({
    certificate: { sha256: sha256(number) },
    cluster: null,
    issuance: {},
  });
  await put(2, '{', { formatVersion: { N: '1' } });
  await put(3, JSON.stringify({ ...followed(3), addedLater: 1 }), { formatVersion: { N: '2' } });
  await put(4, '["another shape"]', { formatVersion: { N: '2' }, addedLater: { S: 'x' } });
  await put(5, JSON.stringify(followed(5)), {});
  const read = [...(await instance()).certificates.values()].sort((a, b) =>
    a.certificate.sha256 < b.certificate.sha256 ? -1 : 1,
  );
  expect(read).toEqual([followed(1), known(2), { ...followed(3), addedLater: 1 }, known(4)]);
  // its issuance, delivered again, does not overwrite what the later version knows
  expect(await (await instance()).add(followed(4))).toEqual({ kind: 'known' });
  expect((await items()).find(({ certificate }) => certificate?.S === sha256(4))).toHaveProperty(
    'addedLater',
  );
});

test('names of any length fit into an item', async () => {
  const long = 'x'.repeat(500_000);
  const subject = {
    ...{ commonName: long, organizations: Array.from({ length: 1_000 }, () => long.slice(0, 10_000)) },
    ...{ dnsNames: [], ipAddresses: [], emailAddresses: [], uris: [] },
  };
  const one = followed(1, { cluster: long, issuance: { csrName: long, requester: long } });
  const added = await (await instance()).add({ ...one, certificate: { ...one.certificate, subject } });
  expect(added).toEqual({ kind: 'added' });
  const [item] = await items();
  expect(JSON.stringify(item).length).toBeLessThan(8_000);
});

describe('a table that fails', () => {
  const broken = () =>
    new WatchList(
      dynamoDbWatchList('Missing', 30_000, () => nowMs),
      () => nowMs,
    );

  test('leaves what is known, and is read again at the next call', async () => {
    const list = broken();
    expect(await list.refresh()).toMatchObject({
      kind: 'failed',
      reason: expect.stringContaining('ResourceNotFound'),
    });
    expect(await list.add(followed(1))).toMatchObject({ kind: 'failed' });
    // the instance follows it all the same, and tries to write it again
    expect(list.certificates.size).toBe(1);
    expect(await list.add(followed(1))).toMatchObject({ kind: 'failed' });
    expect(await list.refresh()).toMatchObject({ kind: 'failed' });
    expect(list.certificates.size).toBe(1);
  });
});

test(`at ${maxCertificates} certificates none is added, and none is lost, not even one that another instance added beyond`, async () => {
  const expiresAt = { N: '1826999470' };
  const numbers = Array.from({ length: maxCertificates }, (_, index) => index);
  const requests = numbers.map((number) => ({
    PutRequest: {
      Item: {
        list: { S: 'certificates' },
        certificate: { S: sha256(number) },
        formatVersion: { N: '1' },
        expiresAt,
        // so large that a Query has several pages
        followed: { S: JSON.stringify({ ...followed(number), padding: 'x'.repeat(500) }) },
      },
    },
  }));
  for (let from = 0; from < requests.length; from += 25)
    await local().client.send(
      new BatchWriteItemCommand({ RequestItems: { [tableName()]: requests.slice(from, from + 25) } }),
    );
  const list = await instance();
  expect(list.certificates.size).toBe(maxCertificates);
  expect(await list.add(followed(maxCertificates + 1))).toEqual({ kind: 'full' });
  expect(await list.add(followed(maxCertificates - 1))).toEqual({ kind: 'known' });
  await table().add(followed(maxCertificates));
  expect((await instance()).certificates.size).toBe(maxCertificates + 1);
}, 120_000);
