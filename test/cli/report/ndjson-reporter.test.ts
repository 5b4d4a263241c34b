import { expect, test } from 'vitest';
import { noCoverage } from '../../../cli/report/coverage.ts';
import { ndjsonReporter } from '../../../cli/report/ndjson-reporter.ts';
import { emptyStats } from '../../../cli/report/scan-stats.ts';
import { wholeStory } from './made-up.ts';

test('each finding is a line, written as soon as it is found', async () => {
  const written: string[] = [];
  const reporter = ndjsonReporter(async (text) => {
    written.push(text);
  });
  for (const [index, finding] of wholeStory.entries()) {
    await reporter.item({ kind: 'finding', finding });
    expect(written).toHaveLength(index + 1);
  }
  await reporter.end(emptyStats(), noCoverage);
  expect(written.every((text) => /^[^\n]+\n$/.test(text))).toBe(true);
  expect(written.map((text) => JSON.parse(text))).toMatchObject(wholeStory);
});
