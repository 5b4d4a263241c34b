import type { Load } from './load.ts';
import { shown } from './targets.ts';

/** Lambda gives a full core at 1,769 MB; csrwatch's functions have 1,024. */
const coreShare = 1_024 / 1_769;
const clusterCounts = [1, 100, 10_000];

export const scaleTitles = [
  'busy clusters',
  'events a second',
  'functions at the same time',
  'DynamoDB calls a second',
  'SNS calls a second',
];

/** What the hour of one cluster means for many: nothing is shared between them but the quotas of the account. */
export function scaleCells({ events, cpuSeconds, dynamoDbCalls, snsCalls }: Load): string[][] {
  const anHour = 3_600;
  return clusterCounts.map((clusters) => [
    clusters.toLocaleString('en'),
    Math.round((events / anHour) * clusters).toLocaleString('en'),
    ...[cpuSeconds / coreShare, dynamoDbCalls, snsCalls].map((perHour) =>
      shown((perHour / anHour) * clusters),
    ),
  ]);
}
