import { describe, expect, test } from 'vitest';
import { OutOfTimeError, untilDeadline } from '../../lambda/deadline.ts';
import { runBatch } from '../../lambda/run-batch.ts';

interface Named {
  readonly id: string;
  readonly receiveCount?: number;
}

const named = (...ids: string[]): Named[] => ids.map((id) => ({ id }));
const deadlineIn = (ms: number) => ({ atMs: Date.now() + ms, now: Date.now });

describe('a batch', () => {
  test('runs redelivered messages last, and returns the results in the order of the deliveries', async () => {
    const started: number[] = [];
    const deliveries = [{ receiveCount: 3 }, { receiveCount: 1 }, {}, { receiveCount: 2 }];
    const results = await runBatch(deliveries, deadlineIn(60_000), async (delivery) => {
      started.push(deliveries.indexOf(delivery));
      return deliveries.indexOf(delivery);
    });
    expect(started).toEqual([1, 2, 3, 0]);
    expect(results).toEqual([0, 1, 2, 3]);
  });

  test('starts the next delivery while one has not ended within its share of the time', async () => {
    let end = (_: string) => {};
    const slow = new Promise<string>((resolve) => {
      end = resolve;
    });
    const results = await runBatch(named('slow', 'next'), deadlineIn(100), async ({ id }) => {
      if (id === 'slow') return slow;
      end('ended after the next one');
      return id;
    });
    expect(results).toEqual(['ended after the next one', 'next']);
  });

  test('waits for every delivery before it fails', async () => {
    const ended: string[] = [];
    const batch = runBatch(named('bad', 'good'), deadlineIn(60_000), async ({ id }) => {
      if (id === 'bad') throw new Error(id);
      ended.push(id);
    });
    await expect(batch).rejects.toThrow('bad');
    expect(ended).toEqual(['good']);
  });
});

describe('reading until the deadline', () => {
  async function* chunks(texts: readonly string[], then?: Promise<never>) {
    for (const text of texts) yield Buffer.from(text);
    await then;
  }

  async function read(source: AsyncIterable<Uint8Array>, ms: number) {
    const texts: string[] = [];
    let ticks = 0;
    const reading = untilDeadline(source, deadlineIn(ms), async () => {
      ticks += 1;
    });
    try {
      for await (const chunk of reading) texts.push(Buffer.from(chunk).toString());
    } catch (error) {
      return { texts, ticks, error };
    }
    return { texts, ticks, error: undefined };
  }

  test('passes on every chunk of an input that ends', async () => {
    expect(await read(chunks(['a', 'b']), 60_000)).toEqual({ texts: ['a', 'b'], ticks: 0, error: undefined });
  });

  test('stops an input that sends nothing any more, and ticks meanwhile', async () => {
    const { texts, ticks, error } = await read(chunks(['a'], new Promise<never>(() => {})), 1_500);
    expect(texts).toEqual(['a']);
    expect(ticks).toBeGreaterThanOrEqual(1);
    expect(error).toBeInstanceOf(OutOfTimeError);
  });

  test("rejects with the input's own error", async () => {
    const { error } = await read(chunks(['a'], Promise.reject(new Error('reset'))), 60_000);
    expect(error).toEqual(new Error('reset'));
  });
});
