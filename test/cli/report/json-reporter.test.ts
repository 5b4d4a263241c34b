import { expect, test } from 'vitest';
import { noCoverage } from '../../../cli/report/coverage.ts';
import { jsonReporter } from '../../../cli/report/json-reporter.ts';
import { emptyStats } from '../../../cli/report/scan-stats.ts';
import type { Finding } from '../../../lambda/findings/finding.ts';
import { wholeStory } from './made-up.ts';

async function document(findings: readonly Finding[]) {
  let text = '';
  const reporter = jsonReporter(async (more) => {
    text += more;
  });
  for (const finding of findings) await reporter.item({ kind: 'finding', finding });
  await reporter.end({ ...emptyStats(), findings: findings.length }, noCoverage);
  return JSON.parse(text);
}

test('findings and statistics are one document', async () => {
  const { findings, stats } = await document(wholeStory);
  expect(findings).toMatchObject(wholeStory);
  expect(stats).toMatchObject({ findings: 3, rejected: 0 });
});

test('it is one without findings, too', async () => {
  expect(await document([])).toEqual({ findings: [], stats: emptyStats() });
});
