import { expect, test } from 'vitest';
import { longestDelaySeconds, maxReceives, retryDelaySeconds } from '../../lambda/triggers/retry-delay.ts';

/** The delays between the deliveries of a message that fails every time. */
const delays = Array.from({ length: maxReceives - 1 }, (_, index) => retryDelaySeconds(index + 1));
const seconds = (count: number) => delays.slice(0, count).reduce((sum, delay) => sum + delay, 0);

test('the first delay is one minute, and each delay is twice the previous one, up to the visibility timeout', () => {
  expect(delays.slice(0, 7)).toEqual([60, 120, 240, 480, 960, 1_800, 1_800]);
  expect(delays.at(-1)).toBe(longestDelaySeconds);
  expect(retryDelaySeconds(10_000)).toBe(longestDelaySeconds);
});

test('a message outlasts an outage of four hours, and is given up within five', () => {
  expect(seconds(maxReceives - 1)).toBeGreaterThanOrEqual(4 * 3_600);
  expect(seconds(maxReceives - 1)).toBeLessThanOrEqual(5 * 3_600);
});
