import { describe, expect, test } from 'vitest';
import { type AlertRequest, admitAlerts, rollUpKnown } from '../../lambda/dedup/admit-alerts.ts';
import { concurrently } from '../../lambda/dedup/concurrently.ts';
import {
  mergedEvents,
  type RolledUp,
  type StormScope,
  type StormWindow,
  type WindowTable,
} from '../../lambda/dedup/storm-window.ts';
import { type Gravity, gravityText } from '../../lambda/findings/gravity.ts';

const high: Gravity = { severity: 'high', outcome: 'succeeded', phase: 'requested' };
const critical: Gravity = { ...high, severity: 'critical' };
const scope: StormScope = { id: 'storm', rule: { id: 'rule', name: 'Rule' }, cluster: null };
const events: RolledUp = { count: 1, worst: 'high', lastFindingId: 'x', lastActor: null };

function requestOf(actor: string, gravity = high): AlertRequest {
  return {
    actorKey: actor,
    groupKey: 'group',
    scope,
    groupScope: { ...scope, id: 'group' },
    gravities: [gravity],
    events,
  };
}

/** Windows in memory. Each write that is named is lost to another invocation so many times. */
function windowsOf(lost: Partial<Record<'open' | 'addAlert' | 'rollUp', number>> = {}) {
  const windows = new Map<string, StormWindow>();
  const writes: string[] = [];
  const wins = (write: keyof typeof lost, key: string) => {
    writes.push(`${write} ${key}`);
    const left = lost[write] ?? 0;
    lost[write] = left - 1;
    return left <= 0;
  };
  const table: WindowTable = {
    read: async (key) => windows.get(key),
    open: async (key, _, gravities) => {
      if (!wins('open', key) || windows.has(key)) return false;
      windows.set(key, { endsMs: 1, gravities, alerts: 1, rolledUp: undefined });
      return true;
    },
    addAlert: async (key, window, gravities, exclusive) => {
      if (!wins('addAlert', exclusive ? `${key} exclusively` : key)) return false;
      const all = [...window.gravities, ...gravities];
      windows.set(key, { ...window, gravities: all, alerts: window.alerts + 1 });
      return true;
    },
    removeAlert: async () => undefined,
    rollUp: async (key, window, added) => {
      if (!wins('rollUp', key)) return false;
      const rolledUp = window.rolledUp ? mergedEvents(window.rolledUp, added) : added;
      windows.set(key, { ...window, rolledUp });
      return true;
    },
    due: async () => [],
    takeSummary: async () => undefined,
    finishSummary: async () => undefined,
    returnSummary: async () => undefined,
  };
  return { table, windows, writes };
}

const actorsWithAlerts = 5;
const rolledUp = { kind: 'rolled up' };
const send = (...windows: string[]) => ({ kind: 'send', windows });

describe('alerts of one rule and cluster', () => {
  test('the first of an actor is sent, others are rolled up unless they are worse', async () => {
    const { table, windows, writes } = windowsOf();
    expect(await admitAlerts(table, [requestOf('eve'), requestOf('eve')])).toEqual([
      send('eve', 'group'),
      rolledUp,
    ]);
    expect(await admitAlerts(table, [requestOf('eve')])).toEqual([rolledUp]);
    expect(await admitAlerts(table, [requestOf('eve', critical)])).toEqual([send('eve')]);
    expect(await admitAlerts(table, [requestOf('eve', critical)])).toEqual([rolledUp]);
    expect(windows.get('eve')).toMatchObject({ alerts: 2, rolledUp: { count: 3 } });
    expect(windows.get('eve')?.gravities.map(gravityText)).toEqual([high, critical].map(gravityText));
    expect(await admitAlerts(table, [])).toEqual([]);
    // another invocation that adds the same alert must fail; any number of actors are added to their group
    expect(writes.filter((write) => write.startsWith('addAlert'))).toEqual(['addAlert eve exclusively']);
    await admitAlerts(table, [requestOf('mallory')]);
    expect(writes.at(-1)).toBe('addAlert group');
  });

  test('the first alerts of five actors are sent, those of others are rolled up together unless they are worse', async () => {
    const { table, windows } = windowsOf();
    const actors = Array.from({ length: actorsWithAlerts + 2 }, (_, index) => `actor-${index}`);
    const admissions = await admitAlerts(
      table,
      actors.map((actor) => requestOf(actor)),
    );
    const sent = actors.slice(0, actorsWithAlerts).map((actor) => send(actor, 'group'));
    expect(admissions).toEqual([...sent, rolledUp, rolledUp]);
    expect(windows.get('group')).toMatchObject({ alerts: actorsWithAlerts, rolledUp: { count: 2 } });
    expect(await admitAlerts(table, [requestOf('late', critical), requestOf('later', critical)])).toEqual([
      send('late', 'group'),
      rolledUp,
    ]);
    expect(windows.has('later')).toBe(false);
  });

  test('the alert of an actor whose window another invocation opened meanwhile is rolled up', async () => {
    const { table, windows } = windowsOf();
    const other = { ...table, open: async () => void windows.set('eve', opened) === undefined && false };
    const opened: StormWindow = { endsMs: 1, gravities: [high], alerts: 1, rolledUp: undefined };
    expect(await admitAlerts(other, [requestOf('eve')])).toEqual([rolledUp]);
  });

  test('an alert is sent if the window can neither be opened nor read', async () => {
    const { table } = windowsOf({ open: 1 });
    expect(await admitAlerts(table, [requestOf('eve')])).toEqual([send()]);
  });
});

describe('when other invocations write the same window', () => {
  test.each([
    ['is repeated', 7, rolledUp, 8],
    ['ends after eight attempts: the alert is sent', 8, send(), 8],
  ])('rolling up %s', async (_, rollUp, admission, attempts) => {
    const known = windowsOf({ rollUp });
    await known.table.open('eve', scope, [high]);
    expect(await admitAlerts(known.table, [requestOf('eve')])).toEqual([admission]);
    expect(known.writes.filter((write) => write === 'rollUp eve')).toHaveLength(attempts);

    const use = windowsOf({ rollUp });
    await use.table.open('eve', scope, [high]);
    expect(await rollUpKnown(use.table, requestOf('eve'))).toEqual(admission);
    expect(use.writes.filter((write) => write === 'rollUp eve')).toHaveLength(attempts);

    const group = windowsOf({ rollUp });
    group.windows.set('group', {
      endsMs: 1,
      gravities: [high],
      alerts: actorsWithAlerts,
      rolledUp: undefined,
    });
    expect(await admitAlerts(group.table, [requestOf('eve')])).toEqual([admission]);
    expect(group.writes.filter((write) => write === 'rollUp group')).toHaveLength(attempts);
  });

  test('a worse alert that another invocation adds is rolled up', async () => {
    const { table, windows } = windowsOf();
    await table.open('eve', scope, [high]);
    const other = {
      ...table,
      addAlert: async (key: string, window: StormWindow) => {
        windows.set(key, { ...window, gravities: [critical] });
        return false;
      },
    };
    expect(await admitAlerts(other, [requestOf('eve', critical)])).toEqual([rolledUp]);
  });

  test('a window that ends meanwhile is not waited for', async () => {
    const { table, windows, writes } = windowsOf({ rollUp: 100 });
    await table.open('eve', scope, [high]);
    const ending = { ...table, rollUp: async () => !windows.delete('eve') };
    expect(await admitAlerts(ending, [requestOf('eve')])).toEqual([send()]);
    windows.set('group', { endsMs: 1, gravities: [high], alerts: actorsWithAlerts, rolledUp: undefined });
    const groupEnding = { ...table, rollUp: async () => !windows.delete('group') };
    expect(await admitAlerts(groupEnding, [requestOf('eve')])).toEqual([send()]);
    expect(writes).toEqual(['open eve']);
  });
});

test('events that people know of open a window and are rolled up in it', async () => {
  const { table, windows, writes } = windowsOf();
  expect(await rollUpKnown(table, requestOf('eve'))).toEqual(rolledUp);
  expect(await rollUpKnown(table, requestOf('eve'))).toEqual(rolledUp);
  expect(writes).toEqual(['open eve', 'rollUp eve', 'rollUp eve']);
  expect(windows.get('eve')?.rolledUp?.count).toBe(2);
});

describe('merged events', () => {
  const at = (firstTime?: string, lastTime = firstTime): RolledUp => ({
    ...events,
    ...(firstTime === undefined ? {} : { firstTime }),
    ...(lastTime === undefined ? {} : { lastTime }),
  });

  test.each([
    [at('2026-01-02T00:00:00Z'), at('2026-01-01T00:00:00Z'), '2026-01-01T00:00:00Z', '2026-01-02T00:00:00Z'],
    [
      at('2026-01-01T00:00:00+02:00'),
      at('2025-12-31T23:00:00Z'),
      '2026-01-01T00:00:00+02:00',
      '2025-12-31T23:00:00Z',
    ],
    [
      at('2026-01-01T00:00:00Z', '2026-01-05T00:00:00Z'),
      at('2026-01-02T00:00:00Z'),
      '2026-01-01T00:00:00Z',
      '2026-01-05T00:00:00Z',
    ],
    [at(), at('2026-01-01T00:00:00Z'), '2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z'],
    [at('soon'), at('2026-01-01T00:00:00Z'), '2026-01-01T00:00:00Z', 'soon'],
    [at('2026-01-01T00:00:00Z'), at('soon'), '2026-01-01T00:00:00Z', 'soon'],
    [at(), at(), undefined, undefined],
  ])('%j and %j: from %s to %s', (a, b, firstTime, lastTime) => {
    const merged = mergedEvents(a, b);
    expect([merged.firstTime, merged.lastTime]).toEqual([firstTime, lastTime]);
    expect('firstTime' in merged).toBe(firstTime !== undefined);
    expect('lastTime' in merged).toBe(lastTime !== undefined);
  });

  test('are counted, with the worst severity, and who was last', () => {
    const last: RolledUp = { count: 3, worst: 'low', lastFindingId: 'y', lastActor: 'eve' };
    expect(mergedEvents({ ...events, count: 2 }, last)).toEqual({ ...last, count: 5, worst: 'high' });
    expect(mergedEvents(last, { ...events, count: 2 })).toEqual({ ...events, count: 5 });
  });
});

test('calls for many items run at most so many at a time, and keep their order', async () => {
  let running = 0;
  let most = 0;
  const results = await concurrently(3, [1, 2, 3, 4, 5, 6, 7], async (item) => {
    running += 1;
    most = Math.max(most, running);
    await new Promise((resolve) => setTimeout(resolve, 8 - item));
    running -= 1;
    return item * 10;
  });
  expect(results).toEqual([10, 20, 30, 40, 50, 60, 70]);
  expect(most).toBe(3);
});
