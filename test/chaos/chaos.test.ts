import { expect, test } from 'vitest';
import { chaos } from './chaos.ts';
import { defects, withDefect } from './defects.ts';

const from = (first: number, count: number) => Array.from({ length: count }, (_, index) => first + index);
const timeout = 300_000;

test('no finding is lost, and only unavoidable duplicates are sent, whatever fails', {
  timeout,
}, async () => {
  const { failures, counts } = await chaos({ seeds: from(1, 30), lanes: 6 });
  expect(failures).toEqual([]);
  // otherwise nothing was tried
  expect(counts.injected).toBeGreaterThan(30);
  expect(counts.kills).toBeGreaterThan(0);
});

test.each(defects.filter(({ isObvious }) => isObvious))(
  'a defect is caught: $name',
  { timeout },
  async (defect) => {
    // on a busy machine the seed may meet other faults than those that show the defect
    const seeds = from(defect.seed, 300);
    const { failures } = await chaos({ seeds, lanes: 2, plugin: withDefect(defect), untilFailure: true });
    expect(failures).not.toEqual([]);
  },
);
