import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import {
  bucketMetric,
  clusterMetrics,
  type DeliveryCounts,
  embeddedMetrics,
} from '../../lambda/embedded-metrics.ts';

const page = readFileSync(new URL('../../docs/inputs.md', import.meta.url), 'utf8');
const counts: Required<DeliveryCounts> = {
  Bytes: 0,
  SkippedBytes: 0,
  Records: 0,
  Events: 0,
  NotAudit: 0,
  Suspicious: 0,
  Rejected: 0,
  Findings: 0,
  Published: 0,
  AlreadySent: 0,
  PublishFailures: 0,
  DedupFailures: 0,
  Faults: 0,
  Overwritten: 0,
  IgnoredNotifications: 0,
  CertificatesFollowed: 0,
  WatchListFailed: 0,
  WatchListFull: 0,
  WatchListRemovals: 0,
};
const section = (title: string) => page.split(`## ${title}\n`)[1]?.split('\n## ')[0] ?? '';

test('docs/inputs.md has a row for every metric, with its unit', () => {
  const { CloudWatchMetrics: directives } = JSON.parse(embeddedMetrics(counts, { source: 'logs' }, 0))._aws;
  const [{ Metrics: metrics }]: [{ Metrics: { Name: string; Unit: string }[] }] = directives;
  const inCode = metrics.map(({ Name, Unit }) => `| \`${Name}\` | ${Unit.toLowerCase()} |`);
  const rows = [...section('Metrics').matchAll(/^\| `\w+` \| \w+ \|/gm)].map(([row]) => row);
  expect(rows, 'correct the table of metrics in docs/inputs.md').toEqual(inCode);
});

test('docs/inputs.md names the metrics by cluster and by bucket', () => {
  const names = [...clusterMetrics, bucketMetric].map((name) => `\`${name}\``);
  const [, prose = ''] = section('Metrics').split(/\|\n\n/);
  expect(
    names.filter((name) => !prose.includes(name)),
    'name these below the table of metrics in docs/inputs.md',
  ).toEqual([]);
});

test('docs/inputs.md has a row for every folder of fixtures', () => {
  const folder = new URL('../fixtures/sources/', import.meta.url);
  const folders = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const rows = [...section('Formats').matchAll(/\| `([\w-]+)\/` \|$/gm)].map(([, name]) => name);
  expect(rows.sort(), 'correct the table of formats in docs/inputs.md').toEqual(
    folders.map(({ name }) => name).sort(),
  );
});
