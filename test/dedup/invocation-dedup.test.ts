import { describe, expect, test } from 'vitest';
import type { AlertRequest } from '../../lambda/dedup/admit-alerts.ts';
import { type DedupTable, invocationDedup, type TableClaim } from '../../lambda/dedup/deduplication.ts';
import type { StormWindow, WindowTable } from '../../lambda/dedup/storm-window.ts';
import type { Gravity } from '../../lambda/findings/gravity.ts';

const low: Gravity = { severity: 'low', outcome: 'succeeded', phase: 'requested' };
const high: Gravity = { ...low, severity: 'high' };
const critical: Gravity = { ...low, severity: 'critical' };
const request: AlertRequest = {
  actorKey: 'actor',
  groupKey: 'group',
  scope: { id: 'storm', rule: { id: 'rule', name: 'Rule' }, cluster: null },
  groupScope: { id: 'group', rule: { id: 'rule', name: 'Rule' }, cluster: null },
  gravities: [high],
  events: { count: 1, worst: 'high', lastFindingId: 'x', lastActor: null },
};
const sendAtOnce = { kind: 'send', windows: [] };

/** A table that records its calls. Those named fail. */
function openedTable(claim: TableClaim, failing: readonly string[] = [], window?: StormWindow) {
  const calls: string[] = [];
  const call =
    <T>(name: string, value: T) =>
    async (key: string) => {
      calls.push(`${name} ${key}`);
      if (failing.includes(name)) throw new Error(`${name} refused`);
      return value;
    };
  const alerts: DedupTable = {
    claim: call('claim', claim),
    markSent: call('markSent', undefined),
    release: call('release', undefined),
  };
  const windows: WindowTable = {
    read: call('read', window),
    open: call('open', true),
    addAlert: call('addAlert', true),
    removeAlert: call('removeAlert', undefined),
    rollUp: call('rollUp', true),
    due: async () => [],
    takeSummary: async () => undefined,
    finishSummary: async () => undefined,
    returnSummary: async () => undefined,
  };
  const dedup = invocationDedup({ waitMs: 1_000, now: () => 42 }, async () => {
    calls.push('opened');
    return { alerts, windows };
  });
  return { calls, dedup };
}

describe('without a table', () => {
  const dedupOf = () => invocationDedup({ waitMs: 1_000, now: () => 42 });

  test('an alert is sent once, and again each time it is worse', async () => {
    const dedup = dedupOf();
    expect(await dedup.claim('a', low)).toStrictEqual({ kind: 'claimed', takenOver: false });
    expect(await dedup.markSent('a', low)).toStrictEqual({ ok: true });
    expect(await dedup.claim('a', low)).toStrictEqual({ kind: 'sent', sentAtMs: 42 });
    expect(await dedup.claim('a', high)).toStrictEqual({
      kind: 'claimed',
      takenOver: false,
      before: { sentAtMs: 42, gravities: [low] },
    });
    expect(await dedup.markSent('a', high)).toStrictEqual({ ok: true });
    expect(await dedup.claim('a', critical)).toMatchObject({ before: { gravities: [low, high] } });
    expect(await dedup.claim('b', low)).toStrictEqual({ kind: 'claimed', takenOver: false });
  });

  test('a release forgets a claim, and nothing that was sent', async () => {
    const dedup = dedupOf();
    await dedup.claim('a', low);
    expect(await dedup.release('a')).toStrictEqual({ ok: true });
    expect(await dedup.claim('a', low)).toStrictEqual({ kind: 'claimed', takenOver: false });
    expect(await dedup.claim('a', low)).toStrictEqual({ kind: 'claimed', takenOver: false });
    expect(await dedup.release('never claimed')).toStrictEqual({ ok: true });
    expect(await dedup.markSent('b', low)).toStrictEqual({ ok: true });
    expect(await dedup.release('b')).toStrictEqual({ ok: true });
    expect(await dedup.claim('b', low)).toStrictEqual({ kind: 'sent', sentAtMs: 42 });
  });

  test('every alert is admitted, and there is nothing to withdraw', async () => {
    const dedup = dedupOf();
    expect(await dedup.admit([request, request])).toStrictEqual([sendAtOnce, sendAtOnce]);
    expect(await dedup.rollUp(request)).toStrictEqual(sendAtOnce);
    expect(await dedup.withdraw(request, ['actor'])).toStrictEqual({ ok: true });
  });
});

describe('with a table', () => {
  test('it is opened once, when it is needed, and each call reaches it', async () => {
    const { dedup, calls } = openedTable({ kind: 'claimed', takenOver: true });
    expect(calls).toStrictEqual([]);
    expect(await dedup.claim('a', low)).toStrictEqual({ kind: 'claimed', takenOver: true });
    expect(await dedup.markSent('a', low)).toStrictEqual({ ok: true });
    expect(await dedup.claim('a', low)).toStrictEqual({ kind: 'claimed', takenOver: true });
    expect(await dedup.release('a')).toStrictEqual({ ok: true });
    expect(calls).toStrictEqual(['opened', 'claim a', 'markSent a', 'claim a', 'release a']);
  });

  test('a withdrawn alert is removed from each window to which it was added', async () => {
    const { dedup, calls } = openedTable({ kind: 'leased' });
    expect(await dedup.withdraw(request, [])).toStrictEqual({ ok: true });
    expect(await dedup.withdraw(request, ['actor'])).toStrictEqual({ ok: true });
    expect(await dedup.withdraw(request, ['actor', 'group'])).toStrictEqual({ ok: true });
    const removed = ['removeAlert actor', 'removeAlert actor', 'removeAlert group'];
    expect(calls).toStrictEqual(['opened', ...removed]);
  });

  test('what it answers about storms is returned', async () => {
    const { dedup, calls } = openedTable({ kind: 'leased' });
    expect(await dedup.admit([request])).toStrictEqual([{ kind: 'send', windows: ['actor', 'group'] }]);
    expect(calls).toContain('open group');
    const known = openedTable({ kind: 'leased' }, [], {
      endsMs: 1,
      gravities: [high],
      alerts: 1,
      rolledUp: undefined,
    });
    expect(await known.dedup.rollUp(request)).toStrictEqual({ kind: 'rolled up' });
    expect(known.calls).toStrictEqual(['opened', 'read actor', 'rollUp actor']);
  });
});

describe('with a failing table', () => {
  const claimed = { kind: 'claimed', takenOver: false } as const;

  test('a release and a withdrawal that fail are reported', async () => {
    const { dedup } = openedTable(claimed, ['release']);
    expect(await dedup.release('a')).toStrictEqual({ ok: false, reason: 'Error: release refused' });
    const other = openedTable(claimed, ['removeAlert']);
    expect(await other.dedup.withdraw(request, ['actor'])).toStrictEqual({
      ok: false,
      reason: 'Error: removeAlert refused',
    });
    expect(await other.dedup.withdraw(request, [])).toStrictEqual({ ok: true });
  });

  test('an alert that was claimed without it is not released in it', async () => {
    const { dedup, calls } = openedTable(claimed, ['claim']);
    expect(await dedup.claim('a', low)).toStrictEqual({ kind: 'unknown', reason: 'Error: claim refused' });
    expect(await dedup.release('a')).toStrictEqual({ ok: true });
    expect(calls).toStrictEqual(['opened', 'claim a']);
    // it was forgotten: the next attempt is another claim
    expect(await dedup.claim('a', low)).toStrictEqual({ kind: 'unknown', reason: 'Error: claim refused' });
  });

  test('an alert that could not be marked counts as sent in this invocation', async () => {
    const { dedup } = openedTable(claimed, ['markSent']);
    await dedup.claim('a', low);
    expect(await dedup.markSent('a', low)).toStrictEqual({ ok: false, reason: 'Error: markSent refused' });
    expect(await dedup.claim('a', low)).toStrictEqual({ kind: 'sent', sentAtMs: 42 });
    expect(await dedup.claim('a', high)).toStrictEqual({
      ...claimed,
      before: { sentAtMs: 42, gravities: [low] },
    });
  });

  test('every alert is admitted', async () => {
    const { dedup } = openedTable(claimed, ['read']);
    expect(await dedup.admit([request, request])).toStrictEqual([sendAtOnce, sendAtOnce]);
    expect(await openedTable(claimed, ['read']).dedup.rollUp(request)).toStrictEqual(sendAtOnce);
  });
});
