import { expect, describe as suite, test } from 'vitest';
import type { BatchEntry, FailedEntry, PublishBatch } from '../../lambda/channels/batch.ts';
import type { Channel, Rendering } from '../../lambda/channels/channel.ts';
import { publish as publishBy } from '../../lambda/channels/publish.ts';
import { render } from '../../lambda/channels/render.ts';
import { describe } from '../../lambda/findings/describe.ts';
import type { Finding, Severity } from '../../lambda/findings/finding.ts';
import { invocationMemory } from '../../lambda/paged/memory.ts';
import { truthTable } from '../truth-table.ts';

async function finding(changes: object = {}, severity: Severity = 'high'): Promise<Finding> {
  const event = { ...JSON.parse(truthTable[0]?.text ?? ''), ...changes };
  const rule = { id: 'rule', name: 'Rule', severity, riskScore: 73 };
  return describe(
    { event, format: 'json', cluster: 'prod', place: { origin: { kind: 'file', path: 'x' } } },
    rule,
  );
}

const json = { rendering: 'json', topicArn: 'arn:aws:sns:r:1:json', lowestSeverity: 'low' } as const;
const text = { rendering: 'text', topicArn: 'arn:aws:sns:r:1:text', lowestSeverity: 'critical' } as const;

/** Without a table: nothing is remembered beyond a call. */
function publish(findings: readonly Finding[], channels: readonly Channel[], send: PublishBatch) {
  return publishBy(findings, channels, {
    send,
    memory: invocationMemory({ waitMs: 1_000, now: () => 0 }),
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

suite('publishing', () => {
  test('sends ten entries a batch, to the channels whose bar is reached', async () => {
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

  test('sends again what failed, that alone, and reports what stays failed', async () => {
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

  test('tries a call that fails as a whole three times, and still serves the other channel', async () => {
    let calls = 0;
    const send = async (topicArn: string) => {
      if (topicArn !== json.topicArn) return [];
      calls += 1;
      throw new Error('down');
    };
    const everyone = { ...text, lowestSeverity: 'low' } as const;
    const report = await publish([await finding()], [json, everyone], send);
    expect(calls).toBe(3);
    expect(report).toMatchObject({
      published: 1,
      failures: [{ topicArn: json.topicArn, reason: 'Error: down' }],
    });
  });
});

function messages(rendering: Rendering, findings: readonly Finding[]) {
  const context = { region: 'eu-central-1', account: '111122223333', nowMs: 0 };
  return render(rendering, findings, context).map(({ message }) => message);
}

suite('renderings', () => {
  test('a finding over the limit says what was cut and keeps who, what and when', async () => {
    const [message] = messages('json', [await finding({ requestObject: { big: 'x'.repeat(300_000) } })]);
    const body = JSON.parse(message?.body ?? '');
    expect(Buffer.byteLength(message?.body ?? '')).toBeLessThan(256 * 1_024);
    expect(body.truncated).toEqual(['event.requestObject and event.responseObject']);
    expect(body.event).toMatchObject({ verb: 'create', user: { username: 'kubernetes-admin' } });
  });

  test('a name of a megabyte fits every rendering', async () => {
    const huge = await finding({ user: { username: 'x'.repeat(2 ** 20) } });
    for (const rendering of ['json', 'text'] as const) {
      for (const { body, subject = '' } of messages(rendering, [huge])) {
        expect(Buffer.byteLength(body)).toBeLessThan(256 * 1_024);
        expect(subject.length).toBeLessThan(100);
      }
    }
  });

  test.each([
    'mallory\r\nSubject: hello',
    'mallory\u202egnp.exe',
    'mal\u200blory',
    '\u001b[2Jmallory',
    'mallory\ud800',
    'mallory\u2028next line',
  ])('nothing of %j takes effect in a subject, an e-mail or an SMS', async (username) => {
    const [message] = messages('text', [await finding({ user: { username } })]);
    const { email, sms } = JSON.parse(message?.body ?? '');
    const hidden = /[\p{Cf}\p{Cs}\u2028\u2029]|(?!\n)\p{Cc}/u;
    expect(message?.subject).toMatch(/^[\x20-\x7e]{1,99}$/);
    expect(sms).toMatch(/^[\x20-\x7e]{1,140}$/);
    expect(email).not.toMatch(hidden);
    expect(email.split('\n')[0]).toContain('asked for a client certificate');
  });

  test('several rules on one event are one page, which the most severe leads', async () => {
    const low = await finding({}, 'high');
    const worse = { ...low, id: 'other', severity: 'critical', riskScore: 99 } as const;
    expect(messages('text', [low, worse]).map(({ subject }) => subject)).toEqual([
      expect.stringMatching(/^\[critical\]/),
    ]);
    expect(messages('json', [low, worse])).toHaveLength(2);
  });
});
