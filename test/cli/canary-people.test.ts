import { CreateTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { startFauxqs } from 'fauxqs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { canaryReport } from '../../cli/canary/canary-report.ts';
import { type CheckedTopic, checkPeople } from '../../cli/canary/check-people.ts';
import { listSubscriptions, type TopicSubscription } from '../../cli/canary/topic-subscriptions.ts';

const canaryQueue = 'csrwatch-CanaryQueue';
type State = TopicSubscription['state'];

const topic = (name: string, rendering: string, ...subscriptions: TopicSubscription[]): CheckedTopic => ({
  name,
  rendering,
  listed: { ok: true, subscriptions },
});
const by = (protocol: string, state: State = 'confirmed', endpoint = 'x'): TopicSubscription => ({
  protocol,
  endpoint,
  state,
});
const ownQueue = by('sqs', 'confirmed', `arn:aws:sqs:eu-central-1:111122223333:${canaryQueue}`);
const siem = by('sqs', 'confirmed', 'arn:aws:sqs:eu-central-1:111122223333:siem');

describe('people are', () => {
  test.each<[string, 'reached' | 'json-only' | 'unreachable', boolean, CheckedTopic[]]>([
    ['a confirmed e-mail address', 'reached', true, [topic('alerts', 'text', by('email'))]],
    ['a confirmed number', 'reached', true, [topic('alerts', 'text', by('sms'))]],
    ['a confirmed pager', 'reached', true, [topic('pager', 'alarm', by('https'))]],
    ['a confirmed chat', 'reached', false, [topic('slack', 'chat', by('https'))]],
    ['one of two confirmed', 'reached', true, [topic('alerts', 'text', by('email', 'pending'), by('email'))]],
    ['a pending address', 'unreachable', true, [topic('alerts', 'text', by('email', 'pending'))]],
    ['a pending pager', 'unreachable', true, [topic('pager', 'alarm', by('https', 'pending'))]],
    ['a URL on a text channel', 'unreachable', false, [topic('alerts', 'text', by('https'))]],
    ['a queue on a text channel', 'unreachable', false, [topic('alerts', 'text', siem)]],
    ['an address on operations', 'unreachable', false, [topic('operations', 'operations', by('email'))]],
    ['an address on a JSON channel', 'json-only', false, [topic('findings', 'json', by('email'))]],
    ['a queue on a JSON channel', 'json-only', false, [topic('findings', 'json', ownQueue, siem)]],
    ['a queue, with people who are gone', 'unreachable', true, [topic('findings', 'json', ownQueue, siem)]],
    [
      'a queue, with people who are pending',
      'unreachable',
      false,
      [topic('alerts', 'text', by('email', 'pending')), topic('findings', 'json', siem)],
    ],
    ["csrwatch's own queue", 'unreachable', false, [topic('findings', 'json', ownQueue)]],
  ])('by %s: %s', (_, kind, isConfigured, topics) => {
    expect(checkPeople(topics, { isConfigured, canaryQueue }).kind).toBe(kind);
  });

  test('not reached as far as is known if a channel cannot be listed', () => {
    const listed = { ok: false, reason: 'AuthorizationErrorException' } as const;
    const topics = [{ name: 'alerts', rendering: 'text', listed }, topic('findings', 'json', siem)];
    expect(checkPeople(topics, { isConfigured: false, canaryQueue })).toEqual({
      kind: 'unreachable',
      reason: 'the subscriptions of alerts could not be listed',
    });
  });
});

describe('the report', () => {
  const results = [{ source: 'log group g', ok: true, seconds: 1.24 }] as const;

  test('lists each subscription of a human channel and of operations with its state', () => {
    const topics = [
      topic('alerts', 'text', by('email', 'confirmed', 'a@example.com'), by('sms', 'pending', '+49151')),
      topic('pager', 'alarm', by('https', 'confirmed', 'https://events.example.com/secret-key')),
      topic('operations', 'operations'),
      topic('findings', 'json', siem),
    ];
    expect(canaryReport({ results, topics, people: { kind: 'reached' } })).toEqual({
      ok: true,
      lines: [
        'ok      log group g: its alert arrived after 1.2 s',
        'confirmed channel alerts: email a@example.com',
        'pending   channel alerts: sms +49151',
        'confirmed channel pager: https https://events.example.com/…',
        'none    channel operations: no one is subscribed',
        'ok      people: at least one subscription is confirmed',
      ],
    });
  });

  test.each([
    [{ results, people: { kind: 'json-only', reason: 'r' } }, true, 'WARNING people: r'],
    [{ results, people: { kind: 'unreachable', reason: 'r' } }, false, 'FAILED  people: r'],
    [{ results }, true, /^ok {6}log group g/],
    [
      { results, testAlert: { source: 'log group g', ok: false, reason: 'r' } },
      false,
      'FAILED  the test alert, through log group g: r',
    ],
    [{ results: [{ source: 's', ok: false, reason: 'r' }] }, false, 'FAILED  s: r'],
  ] as const)('%# ends with its verdict', (outcome, ok, last) => {
    const report = canaryReport(outcome);
    expect(report.ok).toBe(ok);
    expect(report.lines.at(-1)).toMatch(last);
  });
});

describe('the subscriptions of a topic', () => {
  let server: Awaited<ReturnType<typeof startFauxqs>>;
  let sns: SNSClient;
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  beforeAll(async () => {
    server = await startFauxqs({ port: 0, logger: false, host: '127.0.0.1' });
    sns = new SNSClient({ region: 'eu-central-1', endpoint: `http://127.0.0.1:${server.port}`, credentials });
  });
  afterAll(async () => {
    sns.destroy();
    await server.stop();
  });

  test('are listed by SNS', async () => {
    const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: 'alerts' }));
    const endpoint = 'arn:aws:sqs:eu-central-1:000000000000:q';
    expect(await listSubscriptions(sns, TopicArn ?? '')).toEqual({ ok: true, subscriptions: [] });
    await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint: endpoint }));
    expect(await listSubscriptions(sns, TopicArn ?? '')).toEqual({
      ok: true,
      subscriptions: [{ protocol: 'sqs', endpoint, state: 'confirmed' }],
    });
  });

  test('that cannot be listed are a reason', async () => {
    const refusing = new SNSClient({
      region: 'eu-central-1',
      endpoint: 'http://127.0.0.1:1',
      credentials,
      maxAttempts: 1,
    });
    const listed = await listSubscriptions(refusing, 'arn:aws:sns:eu-central-1:000000000000:t');
    expect(listed).toMatchObject({ ok: false, reason: expect.stringContaining('ECONNREFUSED') });
  });
});
