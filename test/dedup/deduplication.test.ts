import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Channel } from '../../lambda/alerts/channel.ts';
import { publish } from '../../lambda/alerts/publishing/publish-findings.ts';
import { type DedupTable, invocationDedup } from '../../lambda/dedup/deduplication.ts';
import type { WindowTable } from '../../lambda/dedup/storm-window.ts';
import { buildFinding } from '../../lambda/findings/build-finding.ts';
import type { Finding } from '../../lambda/findings/finding.ts';
import type { Gravity } from '../../lambda/findings/gravity.ts';
import { truthTable } from '../truth-table.ts';
import { type Fate, World } from './simulated-senders.ts';

const json = { rendering: 'json', topicArn: 'arn:aws:sns:r:1:json', minSeverity: 'low' } as const;
const text = { rendering: 'text', topicArn: 'arn:aws:sns:r:1:text', minSeverity: 'low' } as const;
const budget = { waitMs: 1_000, now: () => 0 };
const channels: readonly Channel[] = [json, text];

async function finding(name: string, username = name): Promise<Finding> {
  const event = JSON.parse(truthTable[0]?.text ?? '');
  const changed = {
    ...event,
    auditID: name,
    user: { username },
    objectRef: { ...event.objectRef, name },
  };
  const rule = { id: 'rule', name: 'Rule', severity: 'high', riskScore: 73 } as const;
  return buildFinding(
    { event: changed, format: 'json', cluster: 'prod', place: { origin: { kind: 'file', path: 'x' } } },
    rule,
  );
}

const names = ['csr-one', 'csr-two', 'csr-three'] as const;
let findings: readonly Finding[];
/** The finding of another rule for the first event. */
let otherRule: Finding;

beforeAll(async () => {
  findings = await Promise.all(names.map((name) => finding(name)));
  const [first] = findings;
  if (!first) throw new Error('no finding');
  otherRule = { ...first, id: 'by-another-rule', riskScore: 1 };
});

/** How often each alert was sent to its channel. */
function timesSent({ sent }: World): Record<string, number> {
  const bodies = (channel: Channel) => sent.filter((message) => message.channel === channel);
  const ids = [...findings, otherRule].map(({ id }) => id);
  return Object.fromEntries([
    ...ids.map((id) => [`json ${id}`, bodies(json).filter(({ body }) => JSON.parse(body).id === id).length]),
    ...names.map((name) => [
      `text ${name}`,
      bodies(text).filter(({ body }) => JSON.parse(body).email.includes(name)).length,
    ]),
  ]);
}

describe('two invocations with the same findings', () => {
  /** Which invocation takes the next step, and what happens to it. */
  const script = (...fates: Fate[]) =>
    fc.array(
      fc.record({
        who: fc.nat(1),
        fate: fc.oneof(
          { arbitrary: fc.constant<Fate>('go'), weight: 12 },
          { arbitrary: fc.constantFrom(...fates), weight: 1 },
        ),
      }),
      { maxLength: 90 },
    );

  async function run(steps: readonly { who: number; fate: Fate }[]): Promise<World> {
    const [one, two, three] = findings as [Finding, Finding, Finding];
    // the second input contains one line twice
    const world = new World(
      [
        [one, otherRule, two],
        [three, two, three],
      ],
      channels,
    );
    for (const { who, fate } of steps) await world.step(who, fate);
    for (let turn = 0; turn < 500 && !world.acknowledged; turn += 1) await world.step(turn, 'go');
    expect(world.acknowledged).toBe(true);
    return world;
  }

  test('lose no alert, whatever crashes and fails', async () => {
    await fc.assert(
      fc.asyncProperty(
        script('crash', 'send fails', 'send fails after all', 'table fails'),
        async (steps) => {
          const world = await run(steps);
          expect(Math.min(...Object.values(timesSent(world)))).toBeGreaterThanOrEqual(1);
        },
      ),
      { numRuns: 500 },
    );
  });

  test('alert once, whatever SNS refuses, unless a lease expires while its invocation is still running', async () => {
    let checked = 0;
    await fc.assert(
      fc.asyncProperty(script('send fails'), async (steps) => {
        const world = await run(steps);
        if (world.excused) return;
        checked += 1;
        expect(new Set(Object.values(timesSent(world)))).toEqual(new Set([1]));
      }),
      { numRuns: 200 },
    );
    expect(checked).toBeGreaterThan(100);
  });
});

interface Tables {
  readonly alerts: DedupTable;
  readonly windows: WindowTable;
}

/** No alert is part of a storm. */
const noWindows: WindowTable = {
  read: async () => undefined,
  open: async () => true,
  addAlert: async () => true,
  removeAlert: async () => undefined,
  rollUp: async () => true,
  due: async () => [],
  takeSummary: async () => undefined,
  finishSummary: async () => undefined,
  returnSummary: async () => undefined,
};
const high: Gravity = { severity: 'high', outcome: 'succeeded', phase: 'requested' };

/** A table in memory that records its calls. */
function recordingTable(fail: (call: string) => boolean = () => false) {
  const calls: string[] = [];
  const marked = new Set<string>();
  const call = async <T>(name: string, act: () => T): Promise<T> => {
    calls.push(name);
    if (fail(name)) throw new Error(`${name} refused`);
    return act();
  };
  const table: DedupTable = {
    claim: (alert) =>
      call('claim', () =>
        marked.has(alert) ? { kind: 'sent', sentAtMs: 0 } : { kind: 'claimed', takenOver: false },
      ),
    markSent: (alert) => call('mark', () => void marked.add(alert)),
    release: () => call('release', () => undefined),
  };
  return { calls, marked, table: { alerts: table, windows: noWindows } };
}

describe('deduplication', () => {
  function publisher(table?: Tables, refused: readonly string[] = []) {
    const sent: string[] = [];
    const dedup = invocationDedup(budget, table && (async () => table));
    const send = async (topicArn: string, entries: readonly { message: { body: string } }[]) => {
      if (refused.includes(topicArn)) throw new Error('no');
      sent.push(...entries.map(() => topicArn));
      return [];
    };
    return {
      sent,
      publish: (list: readonly Finding[]) => publish(list, channels, { send, dedup, now: () => 0 }),
    };
  }

  test('stores each event of a burst: a later burst alerts only about new events', async () => {
    const { table } = recordingTable();
    const burst = await Promise.all(['a', 'b', 'c'].map((name) => finding(name, 'mallory')));
    const first = publisher(table);
    expect(await first.publish(burst.slice(0, 2))).toMatchObject({ published: 3, alreadySent: 0 });
    const second = publisher(table);
    expect(await second.publish(burst)).toMatchObject({ published: 2, alreadySent: 4 });
    expect(second.sent.sort()).toEqual([json.topicArn, text.topicArn]);
  });

  test('stores nothing for a channel that failed, and the other channel receives its alert once', async () => {
    const { table, marked, calls } = recordingTable();
    const report = await publisher(table, [json.topicArn]).publish(findings);
    expect(report).toMatchObject({ published: 3, failures: Array(3).fill({ topicArn: json.topicArn }) });
    expect([...marked].every((alert) => alert.startsWith(text.topicArn))).toBe(true);
    expect(calls.filter((name) => name === 'release')).toHaveLength(3);
    const again = publisher(table);
    expect(await again.publish(findings)).toMatchObject({ published: 3, alreadySent: 3, failures: [] });
    expect(new Set(again.sent)).toEqual(new Set([json.topicArn]));
  });

  test('stores nothing for a channel whose rendering fails, and the other channel receives its alert', async () => {
    const { table, marked, calls } = recordingTable();
    const [first] = findings;
    const unreadable = Object.assign({}, first, { id: 'x', eventDigest: 'x', actor: undefined });
    const report = await publisher(table).publish([unreadable]);
    expect(report).toMatchObject({ published: 1, failures: [{ topicArn: text.topicArn }] });
    expect([...marked]).toEqual([`${json.topicArn}#json#x`]);
    expect(calls.filter((name) => name === 'release')).toHaveLength(1);
  });

  test.each([
    ['without a table', undefined],
    ['with a failing table', recordingTable(() => true).table],
  ])('sends a finding once that occurs twice in one input, %s', async (_, table) => {
    const { publish: once, sent } = publisher(table);
    await once([...findings, ...findings]);
    await once(findings);
    expect(sent).toHaveLength(6);
  });
});

describe('a failing table', () => {
  test('is called once and never again in the invocation', async () => {
    const { table, calls } = recordingTable(() => true);
    const dedup = invocationDedup(budget, async () => table);
    for (const alert of ['a', 'b', 'c']) {
      expect(await dedup.claim(alert, high)).toEqual({ kind: 'unknown', reason: 'Error: claim refused' });
      expect(await dedup.markSent(alert, high)).toEqual({ ok: true });
    }
    expect(calls).toEqual(['claim']);
  });

  test('that fails after the claims is reported once per alert', async () => {
    const { table, calls } = recordingTable((name) => name === 'mark');
    const dedup = invocationDedup(budget, async () => table);
    for (const alert of ['a', 'b']) {
      expect(await dedup.claim(alert, high)).toMatchObject({ kind: 'claimed' });
      expect(await dedup.markSent(alert, high)).toEqual({ ok: false, reason: 'Error: mark refused' });
    }
    expect(calls).toEqual(['claim', 'mark', 'claim']);
  });

  test('that cannot be opened is reported like one that fails', async () => {
    const dedup = invocationDedup(budget, async () => {
      throw new Error('no client');
    });
    expect(await dedup.claim('a', high)).toEqual({ kind: 'unknown', reason: 'Error: no client' });
  });

  test('is not called any more once its slow answers have used up the time budget', async () => {
    let nowMs = 0;
    const { table, calls } = recordingTable();
    const slow = (alert: string) => {
      nowMs += 300;
      return table.alerts.claim(alert, high);
    };
    const dedup = invocationDedup({ waitMs: 1_000, now: () => nowMs }, async () => ({
      ...table,
      alerts: { ...table.alerts, claim: slow },
    }));
    const kinds: string[] = [];
    for (const alert of ['a', 'b', 'c', 'd', 'e', 'f']) {
      kinds.push((await dedup.claim(alert, high)).kind);
      // time during which no call waits does not count
      nowMs += 60_000;
    }
    expect(kinds).toEqual(['claimed', 'claimed', 'claimed', 'claimed', 'unknown', 'unknown']);
    expect(calls).toHaveLength(4);
    expect(await dedup.claim('g', high)).toEqual({
      kind: 'unknown',
      reason: 'the table is slow: it has taken 1000 ms of this invocation',
    });
  });
});
