import { describe, expect, test } from 'vitest';
import { createCoverageReader } from '../../../cli/report/coverage.ts';

const at = (minute: number) =>
  new Date(Date.UTC(2026, 0, 1, 0, minute)).toISOString().replace('.000', '.123456');
const line = (minute: number, quote = '"') =>
  `{${quote}requestReceivedTimestamp${quote}:${quote}${at(minute)}${quote}}\n`;

function coverageOf(chunks: readonly string[]) {
  const reader = createCoverageReader();
  for (const chunk of chunks) reader.chunk(Buffer.from(chunk));
  return reader.coverage();
}

describe('the time that a log covers', () => {
  test('is from its first event to its last, whatever their order', () => {
    const { firstMs, lastMs } = coverageOf([line(7), line(3) + line(9), 'text without an event']);
    expect([firstMs, lastMs]).toEqual([Date.parse(at(3)), Date.parse(at(9))].map((ms) => ms - 123));
  });

  test('is read from JSON inside JSON', () => {
    expect(coverageOf([line(3, '\\"')]).firstMs).toBeDefined();
  });

  test('is unknown without a time', () => {
    expect(coverageOf(['{"requestReceivedTimestamp":"soon"}'])).toEqual({
      firstMs: undefined,
      lastMs: undefined,
      gaps: [],
    });
  });
});

describe('a gap', () => {
  const minutes = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, index) => line(from + index));

  test.each([
    ['between chunks', [...minutes(0, 30), ...minutes(60, 90)]],
    ['inside a chunk', [[...minutes(0, 30), ...minutes(60, 90)].join('')]],
  ])('%s is found', (_, chunks) => {
    const { gaps } = coverageOf(chunks);
    expect(gaps.map(({ fromMs, toMs }) => (toMs - fromMs) / 60_000)).toEqual([31]);
  });

  test('is none if another file covers the time', () => {
    expect(coverageOf([...minutes(0, 30), ...minutes(60, 90), ...minutes(20, 70)]).gaps).toEqual([]);
  });

  test('is none in a log that is quiet throughout', () => {
    expect(coverageOf([0, 20, 40, 60, 80].map((minute) => line(minute))).gaps).toEqual([]);
  });
});
