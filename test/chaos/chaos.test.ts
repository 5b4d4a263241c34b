import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { chaos } from './chaos.ts';
import { caught, defects } from './defects.ts';

const timeout = 300_000;
/** Runs without a service that is down or does not answer, which would wait for up to a minute. */
const seeds = [2, 3, 4, 6, 7, 8, 9, 10, 11, 12, 15, 18];

test('no finding is lost, and only unavoidable duplicates are sent, whatever fails', {
  timeout,
}, async () => {
  const { failures, counts } = await chaos({ seeds, lanes: 4 });
  expect(failures).toEqual([]);
  // otherwise nothing was tried
  expect(counts.injected).toBeGreaterThan(8);
  expect(counts.kills).toBeGreaterThan(0);
});

test.each(defects.filter(({ isObvious }) => isObvious))(
  'a defect is caught: $name',
  { timeout },
  async (defect) => {
    expect(await caught(defect, 300, 2)).toBeDefined();
  },
);

test.each(defects)('the source has the place of a defect once: $name', ({ file, from }) => {
  const text = readFileSync(new URL(`../../lambda/${file}`, import.meta.url), 'utf8');
  expect(text.split(from)).toHaveLength(2);
});
