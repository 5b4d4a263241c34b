import { expect, test } from 'vitest';
import { deployedRules } from '../../infra/rules.ts';
import { auditSchema } from '../../lambda/audit/fields.ts';
import { canaryEvent, canaryKey, isCanaryKey, testAlertName } from '../../lambda/canary/canary-event.ts';
import { createDetector } from '../../lambda/detector.ts';
import type { Dimensions } from '../../lambda/embedded-metrics.ts';
import { csrwatchFields } from '../../lambda/findings/csrwatch-fields.ts';
import { isCanary } from '../../lambda/findings/is-canary.ts';
import { runDelivery } from '../../lambda/pipeline.ts';
import { compileRules } from '../../lambda/rules/compile-rules.ts';
import { deliveredBy } from '../kql/cloudwatch-pattern.ts';

const rules = deployedRules();
const text = canaryEvent('csrwatch-canary-1', '2026-11-25T00:00:00Z');
const testAlert = canaryEvent('csrwatch-test-alert-1', '2026-11-25T00:00:00Z', testAlertName);

function detector() {
  const compiled = compileRules(rules.definitions, auditSchema(csrwatchFields));
  if (!compiled.ok) throw new Error('the built-in rules do not compile');
  return createDetector(compiled.ruleSet);
}

/**
 * The rules that found it, and what it was counted by.
 * @param notified - what the queue's message adds; an object of a backfill has none
 */
async function read(key: string, notified: { messageId?: string } = { messageId: '1' }) {
  const found: string[] = [];
  const counted: Dimensions[] = [];
  const result = await runDelivery(
    { kind: 'object', object: { bucket: 'my-audit-logs', key }, alerts: true, ...notified },
    {
      detector: detector(),
      follower: async () => undefined,
      clusters: { logGroups: {}, buckets: {}, keyPatterns: {} },
      region: 'eu-central-1',
      deadline: { atMs: Date.now() + 60_000, now: Date.now },
      openObject: async () => ({
        kind: 'opened',
        body: (async function* () {
          yield Buffer.from(`${text}\n`);
        })(),
      }),
      notify: async () => true,
      publish: async (findings) => {
        found.push(...findings.map(({ rule }) => rule.id));
        return {
          published: findings.length,
          alreadySent: 0,
          leasedElsewhere: 0,
          dedupFailures: [],
          failures: [],
          results: new Map(),
        };
      },
      log: () => {},
      measure: (_, dimensions) => counted.push(dimensions),
    },
  );
  expect(result).toMatchObject({ ok: true });
  return { found, counted };
}

test('the filter of the rules delivers a canary', () => {
  expect(deliveredBy(rules.filter.pattern, text)).toBe(true);
});

test('a canary is found by the rule of canaries and by no other', async () => {
  expect((await read(canaryKey('audit/', '1'))).found).toEqual(['csrwatch-canary']);
});

test('a canary does not count as data of a log group, with or without an envelope', () => {
  expect(JSON.parse(text).stage).not.toBe('ResponseComplete');
  expect(text).not.toContain('ResponseComplete');
});

test('the no-data metric of a bucket counts neither canaries nor objects of a backfill, and every other object', async () => {
  const [canary] = (await read(canaryKey('audit/', '1'))).counted;
  const [backfilled] = (await read('audit/1.ndjson', {})).counted;
  const [other] = (await read('audit/1.ndjson')).counted;
  expect(canary).not.toHaveProperty('bucket');
  expect(backfilled).not.toHaveProperty('bucket');
  expect(other).toHaveProperty('bucket', 'my-audit-logs');
});

test.each([
  [canaryKey('', '5f0c3e1a-0000-4000-8000-000000000000'), true],
  [canaryKey('audit/', '1'), true],
  [canaryKey('audit-', '1'), true],
  ['csrwatch-canary/1.ndjson.gz', false],
  ['csrwatch-canary/2026/1.ndjson', false],
])('%s is a canary: %s', (key, is) => {
  expect(isCanaryKey(key)).toBe(is);
});

test('a test alert is critical, so that it reaches every channel, and is worded as a test', async () => {
  const record = {
    event: JSON.parse(testAlert),
    format: 'json',
    cluster: 'prod',
    place: { origin: { kind: 'object', bucket: 'b', key: 'k' } },
  } as const;
  const findings = (await detector().evaluate(record)) ?? [];
  expect(findings).toMatchObject([{ rule: { id: 'csrwatch-canary' }, severity: 'critical' }]);
  expect(findings.map(isCanary)).toEqual([true]);
});

test('a request of the same name to an API server is no test alert', async () => {
  const event = { ...JSON.parse(testAlert), stage: 'ResponseComplete' };
  const record = {
    event,
    format: 'json',
    cluster: 'prod',
    place: { origin: { kind: 'object', bucket: 'b', key: 'k' } },
  } as const;
  expect(await detector().evaluate(record)).toMatchObject([{ severity: 'low' }]);
});
