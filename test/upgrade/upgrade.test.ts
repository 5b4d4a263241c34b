import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startFunction } from '../../cli/local/local-function.ts';
import { type LocalStack, startLocalStack } from '../../cli/local/topology.ts';
import { expireClaims, forgetSent } from '../bundle/dedup-items.ts';
import { laterBundle, taggedBundle } from './bundles.ts';
import { writeTables } from './table-contents.ts';
import { readItems, received, removedCertificate, scheduleIn, writeItems } from './two-versions.ts';

const tagged = taggedBundle();
if (!tagged) {
  console.warn('The bundle of the last release is not tried: no tag. What releases recorded is.');
}
const recordings = globSync('test/fixtures/releases/*.json');

let stack: LocalStack;
/** index.mjs of this version, and of one that could follow it. */
let thisVersion = '';
let laterVersion = '';

beforeAll(async () => {
  stack = await startLocalStack((entry, { BUNDLE, ...variables }, timeoutMs) => {
    thisVersion = entry;
    return startFunction(BUNDLE ?? entry, variables, timeoutMs);
  });
  laterVersion = await laterBundle(readFileSync(join(dirname(thisVersion), 'rules.json'), 'utf8'));
});
afterAll(() => stack.stop());
beforeEach(async () => {
  await forgetSent(stack);
  await received(stack);
});

const startOf = (BUNDLE: string) => (variables: Readonly<Record<string, string>>) =>
  stack.startAnother('objects', { ...variables, BUNDLE });

/** Lets a version go on with what is in the tables: it loses no alert, and sends none again. */
async function expectUnderstood(bundle: string): Promise<void> {
  const reader = await startOf(bundle)({});
  const steps = await readItems(stack, reader, () => expireClaims(stack));
  reader.stop();
  const nothing = { error: undefined, findings: 0, alerts: [], notices: 0 };
  expect(steps).toEqual({
    sentBefore: nothing,
    inStorm: { ...nothing, findings: 1 },
    unreadAgain: nothing,
    leased: { ...nothing, error: expect.stringContaining('another invocation is sending 2 of its alerts') },
    afterLease: { ...nothing, findings: 1, alerts: [expect.stringContaining('"claimed." requested')] },
    issuedAgain: nothing,
    followed: { certificates: expect.any(Array), limit: 5_000 },
    used: { ...nothing, findings: 2, alerts: [expect.stringContaining('is being used from')] },
    summaries: {
      ...nothing,
      alerts: [
        expect.stringContaining('one more request with an issued certificate by "bob"'),
        expect.stringContaining('2 more events by "storm."'),
        expect.stringContaining('2 more events by several other users'),
      ],
    },
    laterSummaries: { ...nothing, alerts: [expect.stringContaining('one more event by "summary."')] },
    quiet: nothing,
  });
  const followed = JSON.stringify(steps.followed);
  expect(followed.match(/"addedBy":"finding"/g)).toHaveLength(6);
  expect(followed).not.toContain(removedCertificate);
}

// longer than on an idle machine
describe('items and claims that another version wrote', { timeout: 120_000 }, () => {
  const pairs = [
    ['this version', 'a later one', () => thisVersion, () => laterVersion],
    ['a later version', 'this one', () => laterVersion, () => thisVersion],
    ...(tagged
      ? ([
          [tagged.tag, 'this version', () => tagged.entry, () => thisVersion],
          ['this version', tagged.tag, () => thisVersion, () => tagged.entry],
        ] as const)
      : []),
  ] as const;

  test.each(pairs)('%s is understood by %s', async (_, __, writer, reader) => {
    await writeItems(stack, startOf(writer()));
    await expectUnderstood(reader());
  });

  test.each(recordings)('%s is understood by this version', async (path) => {
    await writeTables(stack, JSON.parse(readFileSync(path, 'utf8')));
    await expectUnderstood(thisVersion);
  });
});

test('a summary that only a later version can read stays, and stops no other', async () => {
  const refs = [...stack.aws.values.resources.values()].map(({ ref }) => ref);
  const TableName = refs.find((ref) => ref.startsWith('CsrWatchDedupTable'));
  const topicArn = refs.find((ref) => /^arn:aws:sns:.*Alerts/.test(ref));
  const item = (alert: string, rolledUp: object) => ({
    ...{ alert: { S: alert }, formatVersion: { N: '2' }, expires: { N: '99999999999' } },
    ...{ endsMs: { N: '1' }, dueIndex: { S: 'due' }, alertCount: { N: '1' } },
    scope: { S: JSON.stringify({ id: alert, rule: { id: 'r', name: 'R' }, cluster: null, addedLater: 1 }) },
    rolledUp: { S: JSON.stringify(rolledUp) },
  });
  const [readable, unreadable] = [`${topicArn}#text#storm#1`, `${topicArn}#text#storm#2`];
  const dynamoDb = stack.aws.dynamoDb;
  for (const Item of [
    item(unreadable, { total: { events: 3 } }),
    item(readable, { count: 3, worst: 'dreadful', lastFindingId: 'f', lastActor: 'mallory', addedLater: 1 }),
  ]) {
    await dynamoDb.send(new PutItemCommand({ TableName, Item }));
  }
  await expect(stack.logsSource.logs.invoke(scheduleIn(1))).rejects.toThrow('storm#2 cannot be read');
  expect((await received(stack)).alerts).toEqual([expect.stringContaining('3 more events')]);
  const left = await dynamoDb.send(new GetItemCommand({ TableName, Key: { alert: { S: unreadable } } }));
  expect(left.Item).toEqual(item(unreadable, { total: { events: 3 } }));
});
