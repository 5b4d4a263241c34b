import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Channel } from '../../lambda/alerts/channel.ts';
import type { BatchEntry } from '../../lambda/alerts/publishing/publish-batch.ts';
import { publish } from '../../lambda/alerts/publishing/publish-findings.ts';
import { publishSummaries } from '../../lambda/alerts/publishing/publish-summaries.ts';
import { invocationDedup } from '../../lambda/dedup/deduplication.ts';
import { dynamoDbTables } from '../../lambda/dedup/dynamodb-table.ts';
import type { Finding } from '../../lambda/findings/finding.ts';
import { dynamoDbNotices } from '../../lambda/notices/dynamodb-notices.ts';
import { sendNotice } from '../../lambda/notices/send-notice.ts';
import { finding } from '../alerts/samples.ts';
import { dedupTable } from '../dedup-table.ts';
import { useLocalTables } from '../local-tables.ts';
import { type LossyDynamoDb, startLossyDynamoDb } from './lossy-dynamodb.ts';

const minute = 60_000;
const windowMs = 15 * minute;
const local = useLocalTables({ Alerts: dedupTable });

let dynamoDb: LossyDynamoDb;
beforeAll(async () => {
  dynamoDb = await startLossyDynamoDb(() => local().endpoint);
  vi.stubEnv('AWS_ENDPOINT_URL_DYNAMODB', dynamoDb.endpoint);
});
afterAll(() => dynamoDb.stop());

const tables = dynamoDbTables(20_000, windowMs);
let topics = 0;

/** An invocation with these findings, or the schedule if there are none. */
interface Step {
  readonly findings: readonly Partial<Finding>[];
  readonly isSnsDown?: true;
}

/**
 * @param lost - the write whose answer is lost
 * @param counted - a part of the keys of the writes that are counted
 * @returns what subscribers of a human channel receive at each step
 */
async function run(
  steps: readonly Step[],
  counted: string,
  lost = 0,
): Promise<{ emails: string[][]; writes: number }> {
  topics += 1;
  const topicArn = `arn:aws:sns:eu-central-1:000000000000:lost-${topics}-`;
  const channels: Channel[] = [{ rendering: 'text', topicArn, minSeverity: 'low' }];
  dynamoDb.lose(`${topicArn}${counted}`, lost);
  // the schedule sends the summaries of all topics
  let nowMs = Date.UTC(2026, 0, 1) + topics * 86_400_000;
  const emails: string[][] = [];
  for (const [step, { findings, isSnsDown = false }] of steps.entries()) {
    nowMs += findings.length === 0 ? windowMs : minute;
    const sent: string[] = [];
    const send = async (_: string, entries: readonly BatchEntry[]) => {
      if (isSnsDown) throw new Error('down');
      sent.push(...entries.map(({ message }) => JSON.parse(message.body).email.split('\n')[0]));
      return [];
    };
    const { alerts, windows } = tables('Alerts', nowMs + minute, () => nowMs);
    if (findings.length === 0) {
      const own = { ...windows, due: async (ms: number) => (await windows.due(ms)).filter(isOwn) };
      const ports = { windows: own, send, log: () => {}, nowMs, windowMs };
      expect(await publishSummaries(channels, ports)).toMatchObject({ failures: [] });
    } else {
      const dedup = invocationDedup({ waitMs: minute, now: () => nowMs }, async () => ({ alerts, windows }));
      const made = findings.map((change, index) => {
        const id = `${topicArn}${step}-${index}`;
        return finding({ id, eventDigest: id, ...change });
      });
      const report = await publish(await Promise.all(made), channels, { send, dedup, now: () => nowMs });
      expect(report).toMatchObject({ dedupFailures: [], leasedElsewhere: 0 });
    }
    emails.push(sent.sort());
  }
  return { emails, writes: dynamoDb.writes(`${topicArn}${counted}`) };
  function isOwn(key: string): boolean {
    return key.startsWith(topicArn);
  }
}

const by = (name: string): Partial<Finding> => ({ actor: { name, groups: [], extra: {}, sourceIPs: [] } });
const users = ['a', 'b', 'c', 'd', 'e', 'f'].map(by);
const critical = { severity: 'critical' } as const;
const same = { id: 'same', eventDigest: 'same' };
const eve = { findings: [by('eve')] };
const schedule = { findings: [] };

describe('subscribers receive the same if the answer of any write to the table is lost', () => {
  test.each<[string, Step[], string[][], counted?: string]>([
    ['storm', [eve, eve, eve, schedule], [['"eve" requested'], [], [], ['2 more events']]],
    [
      'storm that becomes worse',
      [eve, { findings: [{ ...by('eve'), ...critical }] }, eve, schedule],
      [['"eve" requested'], ['CRITICAL'], [], ['one more event']],
    ],
    [
      'storm of many users, the first of whose alerts SNS refuses',
      [{ findings: [by('eve')], isSnsDown: true }, { findings: users }, schedule],
      [[], ['"a"', '"b"', '"c"', '"d"', '"e"'], ['one more event by several other users']],
      // the other scenarios lose those about single alerts
      '#text#storm#',
    ],
    [
      'event that becomes worse',
      [
        { findings: [{ ...same, outcome: 'dry-run' }] },
        { findings: [{ ...same, ...critical }] },
        { findings: [same] },
      ],
      [['A dry run'], ['CRITICAL'], []],
    ],
  ])('%s', async (_, steps, expected, counted = '') => {
    const { emails, writes } = await run(steps, counted);
    expect(emails).toEqual(expected.map((texts) => texts.map((text) => expect.stringContaining(text))));
    expect(writes).toBeGreaterThan(5);
    const lossy = Array.from({ length: writes }, async (__, index) => {
      const { emails: received, writes: made } = await run(steps, counted, index + 1);
      return { lost: index + 1, received, isRepeated: made > writes };
    });
    expect(await Promise.all(lossy)).toEqual(
      lossy.map((__, index) => ({ lost: index + 1, received: emails, isRepeated: true })),
    );
  });
});

test('a notice is sent once if the answer of the claim of its window is lost', async () => {
  const subjects: (string | undefined)[] = [];
  const ports = {
    topicArn: 'arn:aws:sns:eu-central-1:000000000000:operations',
    send: async (_: string, entries: readonly BatchEntry[]) => {
      subjects.push(...entries.map(({ message }) => message.subject));
      return [];
    },
    table: dynamoDbNotices('Alerts', 20_000, Date.now),
    now: Date.now,
    log: () => {},
  };
  const notice = { source: 'log group x', unread: { count: 0, first: [] } };
  dynamoDb.lose('#unread#', 1);
  expect(await sendNotice(notice, { ...ports, sentAtMs: new Map() })).toBe(true);
  expect(dynamoDb.writes('#unread#')).toBe(2);
  expect(await sendNotice(notice, { ...ports, sentAtMs: new Map() })).toBe(true);
  expect(subjects).toEqual(['csrwatch: records that may hide an event']);
});
