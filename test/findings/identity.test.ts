import { expect, test } from 'vitest';
import type { AuditRecord } from '../../lambda/audit/event.ts';
import { eventDigest, findingId } from '../../lambda/findings/identity.ts';
import { truthTable } from '../truth-table.ts';

const event = JSON.parse(truthTable[0]?.text ?? '');
const record = (changes: object, cluster: string | null = 'prod'): AuditRecord => ({
  event: { ...event, ...changes },
  format: 'json',
  cluster,
  place: { origin: { kind: 'file', path: 'x' } },
});

test('the same event elsewhere, with its keys in another order, has the same digest', () => {
  const reordered = { ...record({}), event: Object.fromEntries(Object.entries(event).reverse()) };
  const elsewhere = { ...reordered, place: { origin: { kind: 'object', bucket: 'b', key: 'k' } } } as const;
  expect(eventDigest(elsewhere)).toBe(eventDigest(record({})));
});

test.each([
  ['verb', { verb: 'update' }],
  ['user', { user: { username: 'mallory' } }],
  ['object', { objectRef: { ...event.objectRef, name: 'other' } }],
  ['time', { stageTimestamp: '2027-01-01T00:00:00Z' }],
  ['response code', { responseStatus: { code: 403 } }],
  ['stage', { stage: 'Panic' }],
])('an old auditID silences no event with another %s', (_, changes) => {
  expect(eventDigest(record(changes))).not.toBe(eventDigest(record({})));
});

test('another cluster and another rule are another finding', () => {
  expect(eventDigest(record({}, 'dev'))).not.toBe(eventDigest(record({})));
  expect(findingId('a', 'x')).not.toBe(findingId('b', 'x'));
});
