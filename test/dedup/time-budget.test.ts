import { expect, test } from 'vitest';
import { callsWithinBudget } from '../../lambda/dedup/time-budget.ts';

const slow = { ok: false, reason: 'the table is slow: it has taken 100 ms of this invocation' };

/** Calls that take a time, by a clock that only they advance. */
function calling(waitMs: number) {
  const clock = { nowMs: 1_000_000 };
  const within = callsWithinBudget({ waitMs, now: () => clock.nowMs });
  const taking = (ms: number) =>
    within(async () => {
      clock.nowMs += ms;
      return ms;
    });
  return { clock, within, taking };
}

test('a call is made until more time than the budget was spent waiting', async () => {
  const { clock, taking } = calling(100);
  expect(await taking(60)).toEqual({ ok: true, value: 60 });
  clock.nowMs += 10_000;
  expect(await taking(40)).toEqual({ ok: true, value: 40 });
  expect(await taking(1)).toEqual({ ok: true, value: 1 });
  expect(await taking(1)).toEqual(slow);
  expect(await taking(0)).toEqual(slow);
});

test('the time during which several calls wait counts once, from the first to the last', async () => {
  const { clock, within, taking } = calling(100);
  const pending = Array.from({ length: 3 }, () => Promise.withResolvers<string>());
  const answers = pending.map(({ promise }) => within(() => promise));
  clock.nowMs += 50;
  pending[0]?.resolve('a');
  await answers[0];
  clock.nowMs += 50;
  for (const { resolve } of pending) resolve('b');
  expect(await Promise.all(answers)).toEqual(['a', 'b', 'b'].map((value) => ({ ok: true, value })));
  expect(await taking(1)).toEqual({ ok: true, value: 1 });
  expect(await taking(0)).toEqual(slow);
});

test('a call is not made while others have waited longer than the budget', async () => {
  const { clock, within, taking } = calling(100);
  const { promise, resolve } = Promise.withResolvers<void>();
  const waiting = within(() => promise);
  clock.nowMs += 101;
  expect(await taking(0)).toEqual(slow);
  resolve();
  expect(await waiting).toEqual({ ok: true, value: undefined });
});

test('after a failure no call is made, and each has the reason of the first', async () => {
  const { within, taking } = calling(100);
  const reason = 'RangeError: out of range';
  const failing = () => Promise.reject(new RangeError('out of range'));
  expect(await within(failing)).toEqual({ ok: false, reason });
  expect(await taking(1_000)).toEqual({ ok: false, reason });
  expect(await within(() => Promise.reject(new Error('later')))).toEqual({ ok: false, reason });
});

test('a failure keeps its reason if other calls fail or the time is over, too', async () => {
  const { clock, within, taking } = calling(100);
  const first = { ok: false, reason: 'Error: first' };
  const pending = Array.from({ length: 2 }, () => Promise.withResolvers<string>());
  const answers = pending.map(({ promise }) => within(() => promise));
  clock.nowMs += 200;
  pending[0]?.reject(new Error('first'));
  await answers[0];
  pending[1]?.reject(new Error('second'));
  expect(await Promise.all(answers)).toEqual([first, first]);
  expect(await taking(1)).toEqual(first);
});
