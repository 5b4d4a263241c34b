import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { bucketMetric, clusterMetrics, type DeliveryCounts, embeddedMetrics } from '../../lambda/metrics.ts';

const page = readFileSync(new URL('../../docs/inputs.md', import.meta.url), 'utf8');
const counts: DeliveryCounts = {
  Bytes: 0,
  SkippedBytes: 0,
  Records: 0,
  Events: 0,
  NotAudit: 0,
  Rejected: 0,
  Findings: 0,
  Published: 0,
  AlreadySent: 0,
  PublishFailures: 0,
  DedupFailures: 0,
  Faults: 0,
};

test('docs/inputs.md lists every metric by source with its unit, and names those by cluster and bucket', () => {
  const [, section = ''] = page.split('## Metrics\n');
  const rows = [...section.matchAll(/^\| `(\w+)` \| (\w+) \|/gm)].map(([, Name, unit]) => ({ Name, unit }));
  const { CloudWatchMetrics: directives } = JSON.parse(embeddedMetrics(counts, { source: 'logs' }, 0))._aws;
  const [{ Metrics: metrics }]: [{ Metrics: { Name: string; Unit: string }[] }] = directives;
  expect(rows).toEqual(metrics.map(({ Name, Unit }) => ({ Name, unit: Unit.toLowerCase() })));
  const byCluster = clusterMetrics.map((name) => `\`${name}\``);
  expect(section).toContain(`${byCluster.slice(0, -1).join(', ')} and ${byCluster.at(-1)} are also there by`);
  expect(section).toContain(`\`${bucketMetric}\`, deliveries of objects, by \`Bucket\``);
});
