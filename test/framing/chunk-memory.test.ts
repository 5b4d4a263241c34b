import { describe, expect, test } from 'vitest';
import { kept, release } from '../../lambda/framing/released-chunk.ts';
import { TextCursor } from '../../lambda/framing/text-cursor.ts';

describe('the memory of a chunk', () => {
  test('is freed only with the last chunk of a buffer', () => {
    const buffer = Buffer.allocUnsafeSlow(100_000);
    release(buffer.subarray(0, 50_000));
    expect(buffer).toHaveLength(100_000);
    release(buffer.subarray(50_000));
    expect(buffer).toHaveLength(0);
  });

  test('is not freed if Node shares it among small buffers', () => {
    const small = Array.from({ length: 1_000 }, (_, index) => kept(Buffer.from(`number ${index}`)));
    for (const one of small) release(one);
    expect(small.map(String)).toEqual(small.map((_, index) => `number ${index}`));
  });
});

test('a window grows by as much again, and is the chunk itself once all before it is read', async () => {
  const chunk = (length: number, byte: number): Buffer => Buffer.alloc(length, byte);
  const all = [chunk(5_000, 1), chunk(7_000, 2), chunk(100, 3), chunk(9_000, 4)];
  async function* chunks() {
    yield* all;
  }
  const cursor = new TextCursor(chunks());
  // where the window begins, what is before it is read, its length, and the number of the chunk that it is
  const states: unknown[] = [];
  for (const readTo of [0, 4_900, 5_000, 11_990, 12_500, 21_000, 21_100]) {
    cursor.at = readTo - cursor.base;
    await cursor.extend();
    const { base, at, bytes, isLast, offset, unreadBytes } = cursor;
    states.push([base, at, bytes.length, all.indexOf(bytes), isLast]);
    expect({ offset, unreadBytes }).toEqual({ offset: readTo, unreadBytes: bytes.length - at });
  }
  expect(states).toEqual([
    [0, 0, 5000, 0, false],
    [4644, 256, 4452, -1, false],
    [4744, 256, 8704, -1, false],
    [11734, 256, 5810, -1, false],
    [12100, 400, 9000, 3, false],
    [20744, 256, 356, -1, true],
    [20844, 256, 256, -1, true],
  ]);
});
