import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { partitionKey, sentTtlSeconds, timeToLiveAttribute } from '../../lambda/dedup/item-keys.ts';
import { readEnvironment } from '../../lambda/environment.ts';

const page = readFileSync(new URL('../../docs/deduplication.md', import.meta.url), 'utf8');

test('docs/deduplication.md names the attributes, the retention and the timeout of the table', () => {
  const channel = {
    rendering: 'json',
    topicArn: 'arn:aws:sns:eu-central-1:111122223333:findings',
    minSeverity: 'low',
  };
  const { tableTimeoutMs } = readEnvironment({ CSRWATCH_CHANNELS: JSON.stringify([channel]) });
  const texts = [
    `| \`${partitionKey}\` |`,
    `| \`${timeToLiveAttribute}\` |`,
    `${sentTtlSeconds / 86_400} days`,
    `${tableTimeoutMs / 1_000} seconds`,
  ];
  expect(
    texts.filter((text) => !page.includes(text)),
    'add these to docs/deduplication.md',
  ).toEqual([]);
});
