import { afterAll, beforeAll, expect, test } from 'vitest';
import { compareRequests, goCommand } from './compare-requests.ts';
import { createFuzz, describeFailure } from './fuzz.ts';
import { type BundleRunner, createBundleRunner } from './run-in-bundle.ts';

let bundle: BundleRunner;
beforeAll(async () => {
  bundle = await createBundleRunner();
});
afterAll(() => bundle.stop());

test('the deployed bundle finds the intact records beside mutated ones, and promotes nothing inside them', {
  timeout: 120_000,
}, async () => {
  const fuzz = await createFuzz(bundle.run);
  for (let seed = 1_001; seed <= 1_025; seed += 1) {
    const { failure } = await fuzz(seed);
    expect(failure && describeFailure(failure)).toBeUndefined();
  }
});

const go = goCommand();
if (go === undefined)
  console.log('Go is not installed: certificate requests are not compared with its verdicts');

test.skipIf(go === undefined)(
  'mutated certificate requests are read as Go reads them',
  {
    timeout: 300_000,
  },
  () => {
    const { parsed, accepted, differences } = compareRequests(go ?? '', { seed: 1, count: 1_000 });
    expect(differences).toEqual([]);
    expect(parsed).toBeGreaterThan(accepted);
    expect(accepted).toBeGreaterThan(0);
  },
);
