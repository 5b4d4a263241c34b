import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { assumptions } from '../../docs/cost/assumptions.ts';
import {
  billOfBackfill,
  billOfCanary,
  billOfEvents,
  billOfMonth,
  concurrency,
  type Road,
  total,
  workOf,
} from '../../docs/cost/bill.ts';
import { withCost } from '../../docs/cost/page.ts';
import { prices } from '../../docs/cost/prices.ts';
import { parseConfig } from '../../infra/config.ts';
import { maxNoDataAlarms } from '../../infra/operations/log-no-data-alarm.ts';
import { synthesize } from '../../infra/synth.ts';

const page = readFileSync(new URL('../../docs/cost.md', import.meta.url), 'utf8');
const roads: Road[] = ['logs', 'logs, no pattern', 'objects'];

test('the page holds what the prices and assumptions come to', () => {
  expect(withCost(page)).toBe(page);
});

test('a page without a place for a table, or with one for an unknown table, is an error', () => {
  expect(() => withCost(page.replace('cost: million', 'cost: billion'))).toThrow(
    /^docs\/cost\.md: there is no block billion$/,
  );
  expect(() => withCost('')).toThrow(/^docs\/cost\.md: no place for million, months, /);
});

describe('a bill', () => {
  test('of a million events through the pattern is a hundred invocations', () => {
    expect(workOf('logs', 1e6).invocations).toBeCloseTo(100);
    const seconds = (100 * 100 + (100 * 1_225 * 5) / 1e6) / 1_000;
    expect(workOf('logs', 1e6).seconds).toBeCloseTo(seconds);
    expect(billOfEvents('logs', 1e6)['Lambda']).toBeCloseTo(seconds * 0.0000133334 + 100 * 0.2e-6);
  });

  test.each(roads)('of %s grows with the events, and is nothing without any', (road) => {
    expect(total(billOfEvents(road, 0))).toBe(0);
    expect(total(billOfEvents(road, 2e6))).toBeCloseTo(2 * total(billOfEvents(road, 1e6)));
    expect(concurrency(road, 200)).toBeCloseTo(2 * concurrency(road, 100));
  });

  test('of ten thousand clusters on the logs road is that of the stacks that have an alarm on each', () => {
    expect(assumptions.clustersPerStack.value).toBe(maxNoDataAlarms);
    const one = total(billOfMonth('logs', maxNoDataAlarms));
    expect(total(billOfMonth('logs', 10_000))).toBeCloseTo((10_000 / maxNoDataAlarms) * one);
  });

  test('of a backfill is two state transitions an object before all', () => {
    const { 'Step Functions': transitions = 0, ...rest } = billOfBackfill(10_000);
    expect(transitions).toBeCloseTo(0.5);
    expect(total(rest)).toBeLessThan(transitions);
  });

  test('of a canary is its alarm, and grows with its runs and roads', () => {
    expect(total(billOfCanary(2, 0))).toBeCloseTo(prices.alarmMetric.dollars);
    expect(billOfCanary(4, 1)['its pages']).toBeCloseTo(2 * (billOfCanary(2, 1)['its pages'] ?? 0));
  });

  test('counts the alarms that the template has', () => {
    const config = parseConfig(
      { logGroups: [{ name: '/aws/eks/prod/cluster' }], buckets: [{}] },
      'docs/cost.md',
    );
    const alarms = Object.values(synthesize(config).Resources).filter(
      ({ Type }) => Type === 'AWS::CloudWatch::Alarm',
    );
    const shown = alarms.map(({ Properties }) => JSON.stringify(Properties));
    const queries = shown.filter((text) => text.includes('"SELECT '));
    const silences = shown.filter((text) => text.includes('"LessThanThreshold"'));
    const metrics = shown
      .filter((text) => !queries.includes(text) && !silences.includes(text))
      .map((text) => text.match(/"MetricName":/g)?.length ?? 0);
    expect(metrics.reduce((sum, count) => sum + count, 0)).toBe(assumptions.alarmMetrics.value);
    expect([queries.length, silences.length]).toEqual([2, 1]);
  });
});

test('every price says what it is for and where to check it', () => {
  for (const { dollars, per, source } of Object.values(prices)) {
    expect(dollars).toBeGreaterThan(0);
    expect(per).not.toBe('');
    expect(source).toMatch(/^https:\/\//);
  }
});
