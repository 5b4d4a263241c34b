import { beforeEach, describe, expect, test } from 'vitest';
import type { Channel } from '../../lambda/alerts/channel.ts';
import type { BatchEntry } from '../../lambda/alerts/publishing/publish-batch.ts';
import { publish } from '../../lambda/alerts/publishing/publish-findings.ts';
import { publishSummaries } from '../../lambda/alerts/publishing/publish-summaries.ts';
import { maxActorAlerts } from '../../lambda/dedup/admit-alerts.ts';
import { invocationDedup } from '../../lambda/dedup/deduplication.ts';
import { dynamoDbTables } from '../../lambda/dedup/dynamodb-table.ts';
import type { Finding } from '../../lambda/findings/finding.ts';
import { finding } from '../alerts/samples.ts';
import { alarmComplaints, amazonQComplaints } from '../alerts/schemas.ts';
import { dedupTable } from '../dedup-table.ts';
import { useLocalTables } from '../local-tables.ts';

const minute = 60_000;
const windowMs = 15 * minute;
useLocalTables({ Alerts: dedupTable });

let nowMs = Date.UTC(2026, 10, 23, 22);
let topics = 0;
let channels: readonly Channel[];
let sent: { topicArn: string; body: string; subject: string | undefined }[] = [];
let isDown = false;

beforeEach(() => {
  topics += 1;
  const topicArn = (name: string) => `arn:aws:sns:eu-central-1:000000000000:${name}${topics}`;
  channels = [
    { rendering: 'json', topicArn: topicArn('json'), minSeverity: 'low' },
    { rendering: 'text', topicArn: topicArn('text'), minSeverity: 'low' },
  ];
  sent = [];
  isDown = false;
});

const tables = dynamoDbTables(20_000, windowMs);
const open = () => tables('Alerts', nowMs + minute, () => nowMs);
const send = async (topicArn: string, entries: readonly BatchEntry[]) => {
  if (isDown) throw new Error('down');
  sent.push(...entries.map(({ message: { body, subject } }) => ({ topicArn, body, subject })));
  return [];
};

const dedupOfInvocation = () => invocationDedup({ waitMs: minute, now: () => nowMs }, async () => open());

/** One invocation that publishes some findings. */
function deliver(...findings: Finding[]) {
  return publish(findings, channels, { send, dedup: dedupOfInvocation(), now: () => nowMs });
}

/** The schedule, at a time. */
function summarize() {
  return publishSummaries(channels, { windows: open().windows, send, log: () => {}, nowMs, windowMs });
}

let made = 0;
async function found(user: string, changes: Partial<Finding> = {}): Promise<Finding> {
  made += 1;
  return finding({
    id: `id-${made}`,
    eventDigest: `event-${made}`,
    time: new Date(nowMs).toISOString(),
    actor: { name: user, groups: [], extra: {}, sourceIPs: [] },
    ...changes,
  });
}

/** E-mails since the last call. */
function emails(): string[] {
  const texts = sent.filter(({ topicArn }) => topicArn === channels[1]?.topicArn);
  sent = [];
  return texts.map(({ body }) => JSON.parse(body).email);
}

function jsonMessages(): number {
  return sent.filter(({ topicArn }) => topicArn === channels[0]?.topicArn).length;
}

describe('events of one rule, cluster and user over many deliveries', () => {
  test('are one alert, then a summary in each window until it is quiet', async () => {
    await deliver(await found('mallory'));
    expect(emails()).toEqual([expect.stringMatching(/^HIGH in prod: "mallory"/)]);
    for (let event = 0; event < 3; event += 1) {
      nowMs += 2 * minute;
      const { results } = await deliver(await found('mallory'));
      expect([...results.values()][0]?.map(({ result }) => result)).toEqual(['sent', 'rolled up']);
    }
    expect(jsonMessages()).toBe(3);
    expect(emails()).toEqual([]);
    expect(await summarize()).toEqual({ sent: 0, failures: [] });

    // nothing follows
    nowMs += windowMs;
    expect(await summarize()).toEqual({ sent: 1, failures: [] });
    const [summary = ''] = emails();
    expect(summary).toMatch(
      /^HIGH in prod: 3 more events by "mallory", the first at 2026-11-23 22:02:00 UTC, the last at 2026-11-23 22:06:00 UTC\./,
    );
    expect(await summarize()).toEqual({ sent: 0, failures: [] });

    nowMs += minute;
    await deliver(await found('mallory'));
    expect(emails()).toEqual([]);
    nowMs += windowMs;
    await summarize();
    expect(emails()).toEqual([expect.stringMatching(/^HIGH in prod: one more event by "mallory" at /)]);

    // a quiet window
    nowMs += windowMs;
    expect(await summarize()).toEqual({ sent: 0, failures: [] });
    await deliver(await found('mallory'));
    expect(emails()).toEqual([expect.stringMatching(/^HIGH in prod: "mallory" requested/)]);
  });

  test.each<[string, Partial<Finding>]>([
    ['more severe', { severity: 'critical' }],
    ['an approval', { phase: 'approved' }],
  ])('are alerted at once if one is worse: %s', async (_, worse) => {
    await deliver(await found('mallory'));
    await deliver(await found('mallory'));
    emails();
    await deliver(await found('mallory', worse));
    expect(emails()).toHaveLength(1);
    await deliver(await found('mallory', worse));
    expect(emails()).toEqual([]);
  });

  test('are alerted at once if a dry run is followed by the real request', async () => {
    await deliver(await found('mallory', { outcome: 'dry-run', severity: 'critical' }));
    emails();
    await deliver(await found('mallory', { outcome: 'succeeded' }));
    expect(emails()).toHaveLength(1);
  });

  test('do not delay the alert about another user, rule or cluster', async () => {
    await deliver(await found('mallory'));
    emails();
    const rule = { id: 'other', name: 'Other', severity: 'high', riskScore: 73 } as const;
    await deliver(await found('eve'));
    await deliver(await found('mallory', { rule }));
    await deliver(await found('mallory', { cluster: 'dev' }));
    expect(emails()).toHaveLength(3);
  });

  test('are rolled up by invocations that run at the same time without losing a count', async () => {
    await deliver(await found('mallory'));
    const all = await Promise.all(Array.from({ length: 6 }, () => found('mallory')));
    await Promise.all(all.map((one) => deliver(one)));
    const immediately = emails().length - 1;
    nowMs += windowMs;
    await summarize();
    const [summary = ''] = emails();
    expect(summary).toContain(`: ${6 - immediately} more events`);
  });
});

describe('events of many users', () => {
  const many = (count: number, changes: Partial<Finding> = {}) =>
    Promise.all(Array.from({ length: count }, (_, index) => found(`user-${index}`, changes)));

  test('are a few alerts, then one summary for the rule and the cluster', async () => {
    await deliver(...(await many(40)));
    expect(emails()).toHaveLength(maxActorAlerts);
    await deliver(...(await many(60)).slice(40));
    expect(emails()).toEqual([]);
    nowMs += windowMs;
    expect(await summarize()).toEqual({ sent: 1, failures: [] });
    const [summary = ''] = emails();
    expect(summary).toMatch(/^HIGH in prod: 55 more events by several other users/);
  });

  test('do not hide what is worse', async () => {
    await deliver(...(await many(20)));
    emails();
    await deliver(await found('eve', { severity: 'critical' }));
    expect(emails()).toEqual([expect.stringMatching(/^CRITICAL in prod: "eve"/)]);
    await deliver(await found('trudy', { severity: 'critical' }));
    expect(emails()).toEqual([]);
  });
});

describe('a summary', () => {
  async function owed(): Promise<void> {
    await deliver(await found('mallory'));
    await deliver(await found('mallory'));
    emails();
    nowMs += windowMs;
  }

  test('that SNS refuses is sent by the next run', async () => {
    await owed();
    isDown = true;
    expect((await summarize()).failures).toEqual([expect.stringContaining('Error: down')]);
    isDown = false;
    nowMs += minute;
    expect(await summarize()).toEqual({ sent: 1, failures: [] });
    expect(emails()).toEqual([expect.stringContaining('one more event')]);
  });

  test('of an invocation that died is sent after another window', async () => {
    await owed();
    const [key = ''] = (await open().windows.due(nowMs)).filter((one) => one.includes(`text${topics}#`));
    expect(await open().windows.takeSummary(key, nowMs)).toMatchObject({ count: 1 });
    expect(await summarize()).toEqual({ sent: 0, failures: [] });
    nowMs += windowMs;
    expect(await summarize()).toEqual({ sent: 1, failures: [] });
    expect(emails()).toEqual([expect.stringContaining('one more event')]);
  });

  test('that no one sends stops further events from being rolled up', async () => {
    await owed();
    nowMs += 10 * minute;
    await deliver(await found('mallory'));
    expect(emails()).toHaveLength(1);
  });

  test.each(['chat', 'alarm'] as const)('has a valid form as %s', async (rendering) => {
    channels = [
      { rendering, topicArn: `arn:aws:sns:eu-central-1:000000000000:x${topics}`, minSeverity: 'low' },
    ];
    const hostile = await found('<!channel> "x". All is well: nothing happened.\n');
    await deliver(hostile);
    const [first] = sent;
    await deliver(await found('<!channel> "x". All is well: nothing happened.\n'));
    nowMs += windowMs;
    sent = [];
    await summarize();
    const [summary] = sent;
    const [one, other] = [JSON.parse(first?.body ?? ''), JSON.parse(summary?.body ?? '')];
    if (rendering === 'alarm') {
      expect(alarmComplaints(other)).toEqual([]);
      expect(other.AlarmName).toBe(one.AlarmName);
    } else {
      expect(amazonQComplaints(other)).toEqual([]);
      expect(other.metadata.threadId).toBe(one.metadata.threadId);
      expect(other.content.description).not.toContain('<!channel>');
    }
  });
});

test('an alert that could not be sent does not open a window', async () => {
  const first = await found('mallory');
  isDown = true;
  expect((await deliver(first)).failures).toHaveLength(2);
  isDown = false;
  await deliver(first);
  expect(emails()).toHaveLength(1);
});

test('an alert that SNS refused is sent at once although the function died before it withdrew it', async () => {
  const first = await found('mallory');
  isDown = true;
  await new Promise<void>((resolve) => {
    const withdraw = () => {
      resolve();
      return new Promise<never>(() => {});
    };
    const dedup = { ...dedupOfInvocation(), withdraw };
    void publish([first], channels, { send, dedup, now: () => nowMs });
  });
  isDown = false;
  nowMs += minute;
  await deliver(first);
  expect(emails()).toHaveLength(1);
});

test('an alert is sent again if it is worse, and states what changed', async () => {
  const first = await found('mallory', { outcome: 'dry-run' });
  await deliver(first);
  emails();
  await deliver({ ...first, outcome: 'succeeded', severity: 'critical' });
  const message = sent.find(({ topicArn }) => topicArn === channels[0]?.topicArn);
  expect(JSON.parse(message?.body ?? '').sentBefore).toEqual({
    at: new Date(nowMs).toISOString(),
    as: [{ severity: 'high', outcome: 'dry-run', phase: 'requested' }],
  });
  expect(emails()).toEqual([
    expect.stringContaining(
      'It stated: severity high, outcome dry-run, phase requested. Now it is: severity critical, outcome succeeded, phase requested.',
    ),
  ]);
  await deliver(first, { ...first, outcome: 'succeeded' });
  expect(sent).toEqual([]);
});

test('of a dry run and the real request with one id in one input, the real one is sent', async () => {
  const real = await found('mallory');
  await deliver({ ...real, outcome: 'dry-run' }, real);
  expect(jsonMessages()).toBe(1);
  expect(emails()).toEqual([expect.not.stringContaining('dry run')]);
});
