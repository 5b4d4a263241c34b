import { describe, expect, test } from 'vitest';
import type { AuditRecord } from '../../lambda/audit/audit-record.ts';
import { buildFinding } from '../../lambda/findings/build-finding.ts';
import { eventDigest, findingId } from '../../lambda/findings/finding-id.ts';
import { truthTable } from '../truth-table.ts';

const event = JSON.parse(truthTable[0]?.text ?? '');
const record = (changes: object, cluster: string | null = 'prod'): AuditRecord => ({
  event: { ...event, ...changes },
  format: 'json',
  cluster,
  place: { origin: { kind: 'file', path: 'x' } },
});

test('the same event from another place, with its keys in another order, has the same digest', () => {
  const reordered = { ...record({}), event: Object.fromEntries(Object.entries(event).reverse()) };
  const elsewhere = { ...reordered, place: { origin: { kind: 'object', bucket: 'b', key: 'k' } } } as const;
  expect(eventDigest(elsewhere)).toBe(eventDigest(record({})));
});

test.each([
  ['verb', { verb: 'update' }],
  ['user', { user: { username: 'mallory' } }],
  ['object', { objectRef: { ...event.objectRef, name: 'other' } }],
  ['time of the request', { requestReceivedTimestamp: '2027-01-01T00:00:00.000001Z' }],
  ['response code', { responseStatus: { code: 403 } }],
  ['stage', { stage: 'Panic' }],
])('a reused auditID does not suppress an event with another %s', (_, changes) => {
  expect(eventDigest(record(changes))).not.toBe(eventDigest(record({})));
});

describe('the time of an event', () => {
  const withTimes = (requestReceivedTimestamp: unknown, stageTimestamp: unknown) =>
    eventDigest(record({ requestReceivedTimestamp, stageTimestamp }));
  const written = '2026-11-23T21:55:48.120000Z';

  test.each([
    ['with an offset of zero', '2026-11-23T21:55:48.120000+00:00'],
    ['in another time zone', '2026-11-23T23:55:48.120000+02:00'],
    ['with an offset without a colon', '2026-11-23T16:25:48.12-0530'],
    ['with fewer digits', '2026-11-23T21:55:48.12Z'],
    ['with more digits', '2026-11-23T21:55:48.120000000Z'],
    ['in lower case', '2026-11-23t21:55:48.12z'],
  ])('is the same instant %s', (_, other) => {
    expect(withTimes(other, null)).toBe(withTimes(written, null));
    expect(withTimes(null, other)).toBe(withTimes(null, written));
  });

  test.each([
    '2026-11-23T21:55:48.120001Z',
    '2026-11-23T21:55:48.012Z',
    '2026-11-23T21:55:48Z',
    '2026-11-23T21:55:48.12+01:00',
    '2026-11-23 21:55:48.12',
    'yesterday',
    '',
    0,
  ])('%j is another one', (other) => {
    expect(withTimes(other, null)).not.toBe(withTimes(written, null));
  });

  test('without the stageTimestamp that a forwarder removed, gives the same digest', () => {
    expect(withTimes(written, undefined)).toBe(withTimes(written, '2026-11-23T21:55:48.2Z'));
  });

  test('is the stageTimestamp without the time of the request', () => {
    expect(withTimes(undefined, written)).not.toBe(withTimes(undefined, '2026-11-23T21:55:48.2Z'));
  });
});

test('creations with generateName, the same auditID and the same time differ in the names of their objects', () => {
  const created = (name: string) =>
    record({ objectRef: { resource: 'certificatesigningrequests' }, responseObject: { metadata: { name } } });
  expect(eventDigest(created('csr-abcde'))).not.toBe(eventDigest(created('csr-fghij')));
});

describe('an event that is nested deeper than the call stack', () => {
  const nested = (innermost: string, depth = 30_000) =>
    JSON.parse(`${'{"a":['.repeat(depth)}"${innermost}"${']}'.repeat(depth)}`);
  const deep = (innermost: string) =>
    record({ user: { username: 'mallory', extra: nested(innermost) }, objectRef: nested(innermost) });

  test('has a digest, which changes with the innermost value', () => {
    expect(eventDigest(deep('x'))).toBe(eventDigest(deep('x')));
    expect(eventDigest(deep('x'))).not.toBe(eventDigest(deep('y')));
  });

  test('becomes a finding without an exception', async () => {
    const rule = { id: 'r', name: 'R', severity: 'high', riskScore: 73 } as const;
    expect(await buildFinding(deep('x'), rule)).toMatchObject({ actor: { name: 'mallory' } });
  });
});

test.each([
  ['a list and an object with the same members', [['a', 'x']], { a: 'x' }],
  ['one list and two', [['a', 'b']], [['a'], ['b']]],
  ['a string and a number', '1', 1],
  ['a string that looks like the end of a list', ['a","b'], ['a', 'b']],
])('%s have different digests', (_, one, other) => {
  const digest = (extra: unknown) => eventDigest(record({ user: { username: 'u', extra } }));
  expect(digest(one)).not.toBe(digest(other));
});

test('a null member equals an absent member', () => {
  expect(eventDigest(record({ user: { username: 'u', uid: null } }))).toBe(
    eventDigest(record({ user: { username: 'u' } })),
  );
});

test('another cluster or another rule gives another id', () => {
  expect(eventDigest(record({}, 'dev'))).not.toBe(eventDigest(record({})));
  expect(findingId('a', 'x')).not.toBe(findingId('b', 'x'));
});
