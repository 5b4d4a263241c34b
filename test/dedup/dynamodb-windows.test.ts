import { type AttributeValue, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { beforeEach, describe, expect, test } from 'vitest';
import { dynamoDbTables } from '../../lambda/dedup/dynamodb-table.ts';
import type { RolledUp, StormWindow } from '../../lambda/dedup/storm-window.ts';
import type { Gravity } from '../../lambda/findings/gravity.ts';
import { dedupTable } from '../dedup-table.ts';
import { useLocalTables } from '../local-tables.ts';

const local = useLocalTables({ Alerts: dedupTable });

const minute = 60_000;
const windowMs = 15 * minute;
const tables = dynamoDbTables(20_000, windowMs);
const high: Gravity = { severity: 'high', outcome: 'succeeded', phase: 'requested' };
const low: Gravity = { ...high, severity: 'low' };
const critical: Gravity = { ...high, severity: 'critical' };
const scope = { id: 'storm', rule: { id: 'rule', name: 'Rule' }, cluster: 'prod' };
const events: RolledUp = { count: 1, worst: 'high', lastFindingId: 'f', lastActor: 'eve' };
const summary = { scope, ...events };

// not a whole second: `expires` is in seconds
let nowMs = Date.UTC(2026, 0, 1) + 999;
let key = '';
let keys = 0;
const invocation = () => tables('Alerts', nowMs + minute, () => nowMs).windows;
let windows = invocation();

beforeEach(() => {
  keys += 1;
  key = `window-${keys}`;
  // what other tests left in the index is not due
  nowMs -= 10 * windowMs;
  windows = invocation();
});

const expiresAfter = (endsMs: number) => ({ N: String(Math.floor(endsMs / 1_000) + 7 * 24 * 3_600) });
const n = (value: number) => ({ N: String(value) });

async function item(): Promise<Record<string, AttributeValue> | undefined> {
  const get = new GetItemCommand({ TableName: 'Alerts', Key: { alert: { S: key } } });
  return (await local().client.send(get)).Item;
}

async function put(attributes: Record<string, AttributeValue>): Promise<void> {
  const Item = { alert: { S: key }, ...attributes };
  await local().client.send(new PutItemCommand({ TableName: 'Alerts', Item }));
}

async function opened(gravities: readonly Gravity[] = [high]): Promise<StormWindow> {
  expect(await windows.open(key, scope, gravities)).toBe(true);
  return current();
}

async function current(): Promise<StormWindow> {
  const window = await windows.read(key);
  if (!window) throw new Error('no window');
  return window;
}

/** A window that has ended with one event. */
async function owed(): Promise<StormWindow> {
  const window = await opened();
  expect(await windows.rollUp(key, window, events)).toBe(true);
  nowMs = window.endsMs;
  return window;
}

describe('a window', () => {
  test('is opened with all that it needs, and kept for seven days after its end', async () => {
    const endsMs = nowMs + windowMs;
    expect(await opened()).toEqual({ endsMs, gravities: [high], alerts: 1, rolledUp: undefined });
    expect(await item()).toEqual({
      alert: { S: key },
      formatVersion: n(1),
      endsMs: n(endsMs),
      expires: expiresAfter(endsMs),
      scope: { S: JSON.stringify(scope) },
      gravities: { SS: ['high/succeeded/requested'] },
      alertCount: n(1),
      openedBy: { S: expect.any(String) },
    });
  });

  test('is opened again after its end, unless it owes a summary', async () => {
    const { endsMs } = await opened();
    nowMs = endsMs - 1;
    expect(await windows.open(key, scope, [low])).toBe(false);
    expect(await current()).toMatchObject({ gravities: [high] });
    nowMs = endsMs;
    expect(await windows.read(key)).toBeUndefined();
    expect(await windows.rollUp(key, await opened([low]), events)).toBe(true);
    nowMs += windowMs;
    expect(await windows.open(key, scope, [high])).toBe(false);
  });

  test('that owes a summary rolls up for five more minutes', async () => {
    const { endsMs } = await owed();
    expect(await windows.read(key)).toMatchObject({ endsMs });
    nowMs += 5 * minute - 1;
    expect(await windows.read(key)).toMatchObject({ endsMs, rolledUp: events });
    nowMs += 1;
    expect(await windows.read(key)).toBeUndefined();
  });

  test('counts alerts, and an exclusive one only once', async () => {
    const window = await opened();
    expect(await windows.addAlert(key, window, [low], true)).toBe(true);
    expect(await windows.addAlert(key, window, [low], true)).toBe(false);
    expect(await windows.addAlert(key, window, [low], false)).toBe(true);
    expect(await windows.addAlert(key, { ...window, endsMs: 1 }, [low], false)).toBe(false);
    expect(await current()).toMatchObject({ gravities: expect.arrayContaining([low, high]), alerts: 3 });
    await windows.removeAlert(key, [low]);
    expect(await current()).toMatchObject({ gravities: [high], alerts: 2 });
    expect(await windows.addAlert(key, window, [low, critical], true)).toBe(true);
    expect(await windows.addAlert(key, window, [{ ...low, outcome: 'refused' }, critical], true)).toBe(false);
  });

  test('is not created by what changes another one', async () => {
    const window = { endsMs: nowMs, gravities: [], alerts: 0, rolledUp: undefined };
    await windows.removeAlert(key, [low]);
    expect(await windows.addAlert(key, window, [low], false)).toBe(false);
    expect(await windows.rollUp(key, window, events)).toBe(false);
    expect(await item()).toBeUndefined();
  });

  test('adds up events, each of which was seen', async () => {
    const window = await opened();
    expect(await windows.rollUp(key, { ...window, endsMs: 1 }, events)).toBe(false);
    expect(await windows.rollUp(key, window, events)).toBe(true);
    expect(await windows.rollUp(key, window, events)).toBe(false);
    expect(await windows.rollUp(key, await current(), { ...events, count: 2 })).toBe(true);
    expect(await current()).toMatchObject({ rolledUp: { ...events, count: 3 } });
    expect(await item()).toMatchObject({
      dueIndex: { S: 'due' },
      endsMs: n(window.endsMs),
      expires: expiresAfter(window.endsMs),
    });
  });

  const whole = { formatVersion: n(1), endsMs: n(1e15), expires: n(1e12) };
  test.each<[string, Record<string, AttributeValue>]>([
    ['an item that is not of csrwatch: it has no version', { endsMs: n(1e15), expires: n(1e12) }],
    ['an item without an end, such as an alert', { formatVersion: n(1), sentAtMs: n(1) }],
  ])('is not %s', async (_, attributes) => {
    await put({ ...attributes, pendingSummary: { S: JSON.stringify(summary) } });
    expect(await windows.read(key)).toBeUndefined();
    expect(await windows.takeSummary(key, 2e15)).toBeUndefined();
    expect(await windows.open(key, scope, [high])).toBe(!('formatVersion' in attributes));
  });

  test.each<[string, Record<string, AttributeValue>, Partial<StormWindow>]>([
    ['without gravities', {}, { gravities: [], alerts: 0, rolledUp: undefined }],
    ['with gravities that are no set', { gravities: { S: 'high/succeeded/requested' } }, { gravities: [] }],
    [
      'with a gravity of a later version',
      { gravities: { SS: ['x', 'low/succeeded/requested'] }, alertCount: n(7) },
      { gravities: [low], alerts: 7 },
    ],
    ['with rolled-up events that are no text', { rolledUp: n(1) }, { rolledUp: undefined }],
  ])('%s is read', async (_, attributes, expected) => {
    await put({ ...whole, ...attributes });
    expect(await windows.read(key)).toMatchObject(expected);
  });
});

describe('a summary', () => {
  test('is due when its window has ended', async () => {
    const { endsMs } = await owed();
    expect(await windows.due(endsMs - 1)).not.toContain(key);
    expect(await windows.due(endsMs)).toContain(key);
  });

  test('is taken once, and the next window begins', async () => {
    const { endsMs } = await owed();
    expect(await windows.takeSummary(key, endsMs - 1)).toBeUndefined();
    const other = invocation();
    expect(await windows.takeSummary(key, endsMs)).toEqual(summary);
    expect(await item()).toEqual({
      alert: { S: key },
      formatVersion: n(1),
      endsMs: n(endsMs + windowMs),
      expires: expiresAfter(endsMs + windowMs),
      scope: { S: JSON.stringify(scope) },
      gravities: { SS: ['high/succeeded/requested'] },
      alertCount: n(1),
      openedBy: { S: expect.any(String) },
      rolledUpBy: { S: expect.any(String) },
      dueIndex: { S: 'due' },
      pendingSummary: { S: expect.any(String) },
      claimedBy: { S: expect.any(String) },
      leaseExpiresMs: n(endsMs - windowMs + minute),
    });
    expect(await other.takeSummary(key, endsMs)).toBeUndefined();
    await windows.finishSummary(key);
    expect(Object.keys((await item()) ?? {})).not.toEqual(
      expect.arrayContaining([expect.stringMatching(/pending|claimed|lease|due|rolledUp$/)]),
    );
    expect(await current()).toEqual({
      endsMs: endsMs + windowMs,
      gravities: [high],
      alerts: 1,
      rolledUp: undefined,
    });
  });

  test('of an invocation that died is taken when its window and its lease have ended', async () => {
    await owed();
    windows = invocation();
    await windows.takeSummary(key, nowMs);
    const next = await current();
    expect(await windows.rollUp(key, next, { ...events, count: 5 })).toBe(true);
    const other = tables('Alerts', nowMs + minute, () => nowMs).windows;
    // by the clock of the schedule its window has ended, by its own the lease has not
    nowMs += minute - 1;
    expect(await other.takeSummary(key, next.endsMs)).toBeUndefined();
    nowMs += 1;
    expect(await other.takeSummary(key, next.endsMs)).toEqual(summary);
    // what the next window rolled up remains
    expect(await item()).toMatchObject({ rolledUp: { S: JSON.stringify({ ...events, count: 5 }) } });
    await other.finishSummary(key);
    expect(await item()).toMatchObject({ dueIndex: { S: 'due' } });
    expect(await item()).not.toHaveProperty('pendingSummary');
    expect(await item()).not.toHaveProperty('leaseExpiresMs');
    nowMs = next.endsMs + windowMs;
    expect(await invocation().takeSummary(key, nowMs)).toEqual({ ...summary, count: 5 });
  });

  test('is not there if the index is behind', async () => {
    const { endsMs } = await opened();
    expect(await windows.takeSummary(key, endsMs)).toBeUndefined();
    expect(await item()).not.toHaveProperty('pendingSummary');
    key += '-never-opened';
    expect(await windows.takeSummary(key, endsMs)).toBeUndefined();
  });

  test('that was not sent is due again at once', async () => {
    await owed();
    await windows.takeSummary(key, nowMs);
    await windows.returnSummary(key, nowMs);
    expect(await windows.due(nowMs)).toContain(key);
    expect(await item()).toMatchObject({ endsMs: n(nowMs) });
    expect(await item()).not.toHaveProperty('leaseExpiresMs');
    expect(await invocation().takeSummary(key, nowMs)).toEqual(summary);
  });

  test('is finished and returned only by who took it', async () => {
    await owed();
    await windows.takeSummary(key, nowMs);
    const taken = await item();
    const other = invocation();
    await other.finishSummary(key);
    await other.returnSummary(key, nowMs);
    expect(await item()).toEqual(taken);
  });

  test.each([
    ['whose scope is no JSON', { scope: { S: '{' } }],
    ['whose scope is no text', { scope: n(1) }],
    ['whose events cannot be read', { rolledUp: { S: '{"count":"1"}' } }],
  ])('%s is left to a later version', async (_, changed) => {
    await owed();
    const unreadable = { ...(await item()), ...changed };
    await put(unreadable);
    await expect(windows.takeSummary(key, nowMs)).rejects.toThrow(`the summary of ${key} cannot be read`);
    expect(await item()).toEqual(unreadable);
  });

  test('without a scope is left to a later version', async () => {
    await owed();
    const { scope: _, ...unreadable } = (await item()) ?? {};
    await put(unreadable);
    await expect(windows.takeSummary(key, nowMs)).rejects.toThrow(`the summary of ${key} cannot be read`);
  });
});

test('an error other than a condition that does not hold is thrown', async () => {
  const { windows: missing } = tables('Missing', nowMs, () => nowMs);
  const window = { endsMs: 1, gravities: [], alerts: 0, rolledUp: undefined };
  await expect(missing.read(key)).rejects.toThrow();
  await expect(missing.open(key, scope, [high])).rejects.toThrow();
  await expect(missing.rollUp(key, window, events)).rejects.toThrow();
});
