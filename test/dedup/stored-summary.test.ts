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
  for (const missing of [{ ...known }, { scope }, { ...known, scope: { ...scope, rule: 'r' } }]) {
    expect(() => summaryIn(JSON.stringify(missing), 'key')).toThrow('the summary of key cannot be read');
  }
});
