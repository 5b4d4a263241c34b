import { expect, test } from 'vitest';
import { rolledUpIn, summaryIn } from '../../lambda/dedup/stored-summary.ts';
import { mergedEvents } from '../../lambda/dedup/storm-window.ts';

const known = { count: 2, worst: 'high', lastFindingId: 'f', lastActor: null } as const;
const scope = { id: 's', rule: { id: 'r', name: 'R' }, cluster: null };

test('what a later version added to a window is kept when events are rolled up', () => {
  const stored = rolledUpIn(JSON.stringify({ addedLater: 1, ...known }));
  expect(stored && mergedEvents(stored, { ...known, count: 3 })).toEqual({
    ...known,
    addedLater: 1,
    count: 5,
  });
});

test('what a later version does not store is empty', () => {
  expect(rolledUpIn('{"count":1,"worst":"low"}')).toEqual({
    count: 1,
    worst: 'low',
    lastFindingId: '',
    lastActor: null,
  });
});

test('a severity that was added later counts as the most serious one', () => {
  expect(rolledUpIn(JSON.stringify({ ...known, worst: 'dreadful' }))).toMatchObject({ worst: 'critical' });
});

test.each([undefined, '', '{', 'null', '[]', '{}', '{"count":"2"}', '{"count":null}'])(
  'rolled-up events that cannot be read are none: %s',
  (text) => {
    expect(rolledUpIn(text)).toBeUndefined();
  },
);

test('a summary is read with what it needs, and fails without it', () => {
  expect(summaryIn(JSON.stringify({ ...known, scope: { ...scope, addedLater: 1 } }), 'key')).toMatchObject({
    ...known,
    scope,
  });
  const whole = { ...known, lastActor: 'eve', scope: { ...scope, cluster: 'prod' } };
  expect(summaryIn(JSON.stringify(whole), 'key')).toEqual(whole);
  for (const missing of [
    { ...known, scope: { ...scope, id: 1 } },
    { ...known, scope: { ...scope, rule: { id: 'r' } } },
    { ...known, scope: { ...scope, rule: { name: 'R' } } },
    { ...whole, count: undefined },
    { ...known },
    { scope },
    { ...known, scope: { ...scope, rule: 'r' } },
  ]) {
    expect(() => summaryIn(JSON.stringify(missing), 'key')).toThrow('the summary of key cannot be read');
  }
});
