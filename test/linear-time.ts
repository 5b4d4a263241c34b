import { expect } from 'vitest';

const growth = 8;
/** Halfway, on a logarithmic scale, between linear (8 times the time) and quadratic (64 times). */
const limit = 23;
/** Too short a time is mostly noise. */
const leastMs = 5;
const attempts = 3;

/**
 * Fails if the time of a run grows with more than its length. Counts the CPU time of the process, which other processes do
 * not lengthen, and the shortest of several runs.
 * @param length - of the short input; the long one has eight times as many
 */
export async function expectLinearTime(run: (length: number) => unknown, length: number): Promise<void> {
  await run(Math.ceil(length / growth));
  const short = await leastCpuMs(() => run(length));
  const long = await leastCpuMs(() => run(length * growth));
  expect(long).toBeLessThan(limit * Math.max(leastMs, short));
}

async function leastCpuMs(run: () => unknown): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const before = process.cpuUsage();
    await run();
    const { user, system } = process.cpuUsage(before);
    least = Math.min(least, (user + system) / 1_000);
  }
  return least;
}
