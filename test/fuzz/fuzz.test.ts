import { expect, test } from 'vitest';
import { createFuzz, describeFailure } from './fuzz.ts';

const cases = 150;

test('mutated records affect neither the process nor intact records, and promote nothing that is inside them', {
  timeout: 120_000,
}, async () => {
  const fuzz = await createFuzz();
  let mutated = 0;
  for (let seed = 1; seed <= cases; seed += 1) {
    const result = await fuzz(seed);
    mutated += result.mutated;
    expect(result.failure && describeFailure(result.failure)).toBeUndefined();
  }
  // otherwise nothing was tried
  expect(mutated).toBeGreaterThan(cases);
});
