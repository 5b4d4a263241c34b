import { describe, expect, test } from 'vitest';
import type { Channel } from '../../lambda/alerts/channel.ts';
import type { BatchEntry, FailedEntry, PublishBatch } from '../../lambda/alerts/publishing/publish-batch.ts';
import { publish as publishBy } from '../../lambda/alerts/publishing/publish-findings.ts';
import { invocationDedup } from '../../lambda/dedup/deduplication.ts';
import { buildFinding } from '../../lambda/findings/build-finding.ts';
import type { Finding, Severity } from '../../lambda/findings/finding.ts';
import { truthTable } from '../truth-table.ts';

async function finding(changes: object = {}, severity: Severity = 'high'): Promise<Finding> {
  const event = { ...JSON.parse(truthTable[0]?.text ?? ''), ...changes };
  const rule = { id: 'rule', name: 'Rule', severity, riskScore: 73 };
  return buildFinding(
    { event, format: 'json', cluster: 'prod', place: { origin: { kind: 'file', path: 'x' } } },
    rule,
  );
}

const json = { rendering: 'json', topicArn: 'arn:aws:sns:r:1:json', minSeverity: 'low' } as const;
const text = { rendering: 'text', topicArn: 'arn:aws:sns:r:1:text', minSeverity: 'critical' } as const;

/** Without a table: alerts are remembered during one call only. */
function publish(findings: readonly Finding[], channels: readonly Channel[], send: PublishBatch) {
  return publishBy(findings, channels, {
    send,
    dedup: invocationDedup({ waitMs: 1_000, now: () => 0 }),
    now: () => 0,
  });
}

function recorder(answer: (entries: readonly BatchEntry[], call: number) => readonly FailedEntry[]) {
  const calls: (readonly BatchEntry[])[] = [];
  const send = async (_: string, entries: readonly BatchEntry[]) => answer(entries, calls.push(entries));
  return { calls, send };
}

const failed = (id: string, senderFault: boolean): FailedEntry => ({
  id,
  code: 'Nope',
  reason: 'r',
  senderFault,
});

describe('publishing', () => {
  test('sends ten entries per batch, to the channels whose minimum severity is reached', async () => {
    const { calls, send } = recorder(() => []);
    const findings = await Promise.all(
      Array.from({ length: 23 }, (_, index) => finding({ auditID: `${index}` })),
    );
    expect(await publish(findings, [json, text], send)).toMatchObject({ published: 23, failures: [] });
    expect(calls.map((entries) => entries.length)).toEqual([10, 10, 3]);
  });

  test('keeps a batch under 256 KiB', async () => {
    const { calls, send } = recorder(() => []);
    const body = { spec: { request: 'x'.repeat(100_000) } };
    const findings = await Promise.all(
      Array.from({ length: 5 }, (_, index) => finding({ auditID: `${index}`, requestObject: body })),
    );
    await publish(findings, [json], send);
    expect(calls.map((entries) => entries.length)).toEqual([2, 2, 1]);
  });

  test('sends only failed entries again, and reports those that still fail', async () => {
    const { calls, send } = recorder((entries, call) =>
      call === 1
        ? [failed('1', false), failed('2', true)]
        : entries.slice(1).map(({ id }) => failed(id, false)),
    );
    const findings = await Promise.all([0, 1, 2].map((index) => finding({ auditID: `${index}` })));
    const report = await publish(findings, [json], send);
    expect(calls.map((entries) => entries.map(({ id }) => id))).toEqual([['0', '1', '2'], ['1']]);
    expect(report).toMatchObject({
      published: 2,
      failures: [{ topicArn: json.topicArn, reason: 'Nope: r' }],
    });
  });

  test('tries a failing call three times, and still sends to the other channel', async () => {
    let calls = 0;
    const send = async (topicArn: string) => {
      if (topicArn !== json.topicArn) return [];
      calls += 1;
      throw new Error('down');
    };
    const everyone = { ...text, minSeverity: 'low' } as const;
    const report = await publish([await finding()], [json, everyone], send);
    expect(calls).toBe(3);
    expect(report).toMatchObject({
      published: 1,
      failures: [{ topicArn: json.topicArn, reason: 'Error: down' }],
    });
  });

  test('an entry for which SNS refuses the whole batch does not take the other entries with it', async () => {
    const sent: string[][] = [];
    const send = async (_: string, entries: readonly BatchEntry[]) => {
      sent.push(entries.map(({ id }) => id));
      if (entries.some(({ id }) => id === '1')) throw new Error('InvalidParameter');
      return [];
    };
    const findings = await Promise.all([0, 1, 2].map((index) => finding({ auditID: `${index}` })));
    expect(await publish(findings, [json], send)).toMatchObject({
      published: 2,
      failures: [{ topicArn: json.topicArn, reason: 'Error: InvalidParameter' }],
    });
    expect(sent).toEqual([['0', '1', '2'], ['0'], ['1'], ['2'], ['1']]);
  });
});
