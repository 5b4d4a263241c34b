import { expect, test } from 'vitest';
import { concurrently } from '../../lambda/dedup/concurrently.ts';

test('a call that rejects rejects all, after the others have ended', async () => {
  const ended: number[] = [];
  const act = async (ms: number) => {
    if (ms === 0) throw new Error('no');
    await new Promise((resolve) => setTimeout(resolve, ms));
    ended.push(ms);
  };
  await expect(concurrently(2, [20, 0, 1], act)).rejects.toThrow('no');
  expect(ended).toEqual([20, 1]);
});
