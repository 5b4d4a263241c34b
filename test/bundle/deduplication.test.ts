import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, test } from 'vitest';
import { drainQueue, dropObject, sendThroughLogs } from '../../cli/local/local-sources.ts';
import { receiveAll } from '../../cli/local/subscriber.ts';
import type { RunningServer } from '../loopback-server.ts';
import { recordingPath } from '../recordings.ts';
import { truthTable } from '../truth-table.ts';
import { expireClaims } from './dedup-items.ts';
import { useLocalStack } from './local-stack.ts';
import { answering, before, down, silent } from './servers.ts';

const stack = useLocalStack();
const folder = mkdtempSync(join(tmpdir(), 'csrwatch-once-'));
const servers: RunningServer[] = [];

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.stop()));
});

/** Stopped after the test. */
async function running(server: Promise<RunningServer>): Promise<string> {
  servers.push(await server);
  return (await server).url;
}

/** Lines of as many events, each by another user, so that the first five are alerts of their own. */
function lines(count: number): string {
  const event = JSON.parse(truthTable[0]?.text ?? '');
  return Array.from({ length: count }, (_, index) =>
    JSON.stringify({ ...event, auditID: `event-${index}`, user: { username: `user-${index}.` } }),
  ).join('\n');
}

function logsEvent(text: string) {
  const envelope = {
    messageType: 'DATA_MESSAGE',
    owner: stack().aws.account,
    logGroup: stack().logsSource.logGroup,
    logStream: 'kube-apiserver-audit-0',
    subscriptionFilters: ['csrwatch'],
    logEvents: text.split('\n').map((message, id) => ({ id: `${id}`, timestamp: 0, message })),
  };
  return { awslogs: { data: gzipSync(JSON.stringify(envelope)).toString('base64') } };
}

/** What reached the subscribers of both channels since the last call. */
async function received() {
  const findings = await receiveAll(stack().aws.sqs, stack().findingsQueueUrl);
  const alerts = await receiveAll(stack().aws.sqs, stack().alertsQueueUrl);
  return {
    findings: findings.map(({ Message }) => JSON.parse(Message)),
    alerts: alerts.map(({ Message }) => JSON.parse(Message).email as string),
  };
}

async function countReceived() {
  const { findings, alerts } = await received();
  return { findings: findings.length, alerts: alerts.length };
}

/** The schedule's event, as if so many minutes had passed. */
async function sendSummaries(minutes: number, instance = stack().logsSource.logs): Promise<void> {
  const time = new Date(Date.now() + minutes * 60_000).toISOString();
  await instance.invoke({ source: 'aws.events', 'detail-type': 'Scheduled Event', time, detail: {} });
}

function metricsOf(log: readonly string[]) {
  return log.map((line) => JSON.parse(line)).filter((line) => '_aws' in line);
}

const dynamoDb = () => stack().aws.environment['AWS_ENDPOINT_URL_DYNAMODB'] ?? '';

const none = { findings: 0, alerts: 0 };
const one = { findings: 1, alerts: 1 };

describe('the same log', () => {
  test('through the logs, the bucket, and each of them again, is sent once on every channel', async () => {
    const path = recordingPath('eks-attacks.ndjson.gz');
    expect((await sendThroughLogs(path, stack().logsSource)).failures).toEqual([]);
    const first = await countReceived();
    expect(Math.min(...Object.values(first))).toBeGreaterThan(0);
    for (let turn = 0; turn < 2; turn += 1) {
      await dropObject(path, stack().s3Source);
      expect((await drainQueue(stack().s3Source)).failures).toEqual([]);
      expect((await sendThroughLogs(path, stack().logsSource)).failures).toEqual([]);
    }
    expect(await countReceived()).toEqual(none);
    const [metrics] = metricsOf(stack().s3Source.objects.log).slice(-1);
    expect(metrics).toMatchObject({ Published: 0, DedupFailures: 0, AlreadySent: expect.any(Number) });
    expect(metrics.AlreadySent).toBeGreaterThanOrEqual(first.findings);
  });

  test('read by three functions at once is sent once on every channel', async () => {
    const count = 60;
    const path = join(folder, 'at-once.ndjson');
    writeFileSync(path, lines(count));
    const another = await stack().startAnother('logs');
    const event = logsEvent(lines(count));
    await dropObject(path, stack().s3Source);
    const byLogs = [stack().logsSource.logs, another];
    const [, ...results] = await Promise.allSettled([
      drainQueue(stack().s3Source),
      ...byLogs.map((instance) => instance.invoke(event)),
    ]);
    // a delivery that met another function's claim is returned for retry
    for (const result of results) {
      if (result.status === 'rejected') {
        expect(result.reason.message).toMatch(/: another invocation is sending \d+ of its alerts$/);
      }
    }
    for (const instance of byLogs) await instance.invoke(event);
    await drainQueue(stack().s3Source);
    const { findings, alerts } = await received();
    expect(new Set(findings.map(({ id }) => id)).size).toBe(count);
    expect(findings).toHaveLength(count);
    const of = (index: number) => alerts.filter((email) => email.includes(`user-${index}.`)).length;
    const perUser = Array.from({ length: count }, (_, index) => of(index));
    expect(Math.max(...perUser)).toBe(1);
    // the alerts of the other users are rolled up
    expect(alerts.length).toBeGreaterThanOrEqual(5);
    await sendSummaries(16);
    const [summary = ''] = (await received()).alerts;
    const [, rolledUp] = /: (\d+) more events by several other users/.exec(summary) ?? [];
    // more if the table answered too late, so that events were rolled up and alerted
    expect(Number(rolledUp)).toBeGreaterThanOrEqual(count - alerts.length);
  });
});

describe('an alert that another invocation is sending', () => {
  /** An SNS that does not respond until it is released. */
  async function heldUp() {
    let letGo = () => {};
    const gone = new Promise<undefined>((resolve) => {
      letGo = () => resolve(undefined);
    });
    let arrived = () => {};
    const arrival = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    const url = await running(
      before(stack().aws.environment['AWS_ENDPOINT_URL'] ?? '', () => {
        arrived();
        return gone;
      }),
    );
    return { letGo, arrival, url };
  }

  test('is neither sent nor dropped: both sources return the input for retry', async () => {
    const sns = await heldUp();
    const slow = await stack().startAnother('logs', { AWS_ENDPOINT_URL_SNS: sns.url });
    const sending = slow.invoke(logsEvent(lines(1)));
    await sns.arrival;

    await expect(stack().logsSource.logs.invoke(logsEvent(lines(1)))).rejects.toThrow(
      /^Error: CloudWatch Logs: another invocation is sending \d of its alerts$/,
    );
    const path = join(folder, 'held.ndjson');
    writeFileSync(path, lines(1));
    await dropObject(path, stack().s3Source);
    expect((await drainQueue(stack().s3Source)).failures).toHaveLength(1);
    expect(await countReceived()).toEqual(none);

    sns.letGo();
    await sending;
    expect(await countReceived()).toEqual(one);
    await stack().logsSource.logs.invoke(logsEvent(lines(1)));
    expect(await countReceived()).toEqual(none);
  });
});

describe('a function that dies between publishing and marking', () => {
  /** Sends an alert on both channels and is killed before it can mark either as sent. */
  async function die(): Promise<void> {
    const marked = new Set<string>();
    const url = await running(
      before(dynamoDb(), (body) => {
        if (!body.includes(', sentAtMs = :nowMs')) return undefined;
        marked.add(JSON.parse(body).Key.alert.S);
        if (marked.size === 2) dying.stop();
        return new Promise(() => {});
      }),
    );
    const dying = await stack().startAnother('logs', { AWS_ENDPOINT_URL_DYNAMODB: url });
    await expect(dying.invoke(logsEvent(lines(1)))).rejects.toThrow(/^the function ended/);
    expect(await countReceived()).toEqual(one);
  }

  test('sends again, rather than never, once its claim has expired', async () => {
    await die();
    // the claim would expire with the function's timeout; a shorter timeout would leave no time for the table
    await expireClaims(stack());
    await stack().logsSource.logs.invoke(logsEvent(lines(1)));
    expect(await countReceived()).toEqual(one);
    await stack().logsSource.logs.invoke(logsEvent(lines(1)));
    expect(await countReceived()).toEqual(none);
  });

  test('has its input returned for retry until then', async () => {
    await die();
    await expect(stack().logsSource.logs.invoke(logsEvent(lines(1)))).rejects.toThrow(
      /^Error: CloudWatch Logs: another invocation is sending 2 of its alerts$/,
    );
    expect(await countReceived()).toEqual(none);
  });
});

describe('a channel that SNS refuses', () => {
  test('is retried; the other channel does not get its alert again', async () => {
    const sns = await running(
      before(stack().aws.environment['AWS_ENDPOINT_URL'] ?? '', (body) =>
        body.includes('Findings') ? { status: 403, body: '<ErrorResponse/>' } : undefined,
      ),
    );
    const failing = await stack().startAnother('logs', { AWS_ENDPOINT_URL_SNS: sns });
    await expect(failing.invoke(logsEvent(lines(1)))).rejects.toThrow(
      /^Error: CloudWatch Logs: publishing to arn:aws:sns:.*Findings/,
    );
    expect(await countReceived()).toEqual({ findings: 0, alerts: 1 });
    await stack().logsSource.logs.invoke(logsEvent(lines(1)));
    expect(await countReceived()).toEqual({ findings: 1, alerts: 0 });
  });
});

describe('a storm of one user', () => {
  const line = (auditID: string, changes: object = {}) =>
    JSON.stringify({
      ...JSON.parse(truthTable[0]?.text ?? ''),
      auditID,
      user: { username: 'mallory' },
      ...changes,
    });

  test('is one alert, then a summary, even if nothing follows; anything worse is alerted at once', async () => {
    const { logs } = stack().logsSource;
    for (const id of ['storm-1', 'storm-2', 'storm-3']) await logs.invoke(logsEvent(line(id)));
    const first = await received();
    expect(first.findings).toHaveLength(3);
    expect(first.alerts).toEqual([expect.stringContaining('"mallory" requested')]);
    await logs.invoke(logsEvent(line('storm-4', { verb: 'update', objectRef: approval })));
    expect((await received()).alerts).toHaveLength(1);
    await logs.invoke(logsEvent(line('storm-5', { verb: 'update', objectRef: approval })));
    expect((await received()).alerts).toEqual([]);

    await sendSummaries(14);
    expect((await received()).alerts).toEqual([]);
    await sendSummaries(16);
    expect((await received()).alerts).toEqual([
      expect.stringMatching(/^HIGH in prod: 3 more events by "mallory"/),
    ]);
    await sendSummaries(17);
    await sendSummaries(33);
    expect((await received()).alerts).toEqual([]);
  });

  const approval = { resource: 'certificatesigningrequests', name: 'csr', subresource: 'approval' };

  test('is logged, with the result on each channel', async () => {
    const instance = await stack().startAnother('logs');
    for (const id of ['logged-1', 'logged-1', 'logged-2']) await instance.invoke(logsEvent(line(id)));
    const logged = () =>
      instance.log.map((text) => JSON.parse(text)).filter(({ message }) => message === 'finding');
    await expect.poll(() => logged().length).toBe(3);
    expect(logged().map(({ auditID }) => auditID)).toEqual(['logged-1', 'logged-1', 'logged-2']);
    expect(logged()[0]).toMatchObject({
      level: 'info',
      finding: expect.stringMatching(/^[0-9a-f]{32}$/),
      rule: 'kubernetes-csr-created-or-approved',
      place: expect.stringContaining(stack().logsSource.logGroup),
    });
    const results = logged().map(({ channels }) =>
      Object.fromEntries(
        channels.map(({ rendering, result }: { rendering: string; result: string }) => [rendering, result]),
      ),
    );
    expect(results).toEqual([
      { json: 'sent', text: 'sent' },
      { json: 'already sent', text: 'already sent' },
      { json: 'sent', text: 'rolled up' },
    ]);
    await received();
  });

  test('whose table fails is an alert for each event, and its summaries are an error of the function', async () => {
    const instance = await stack().startAnother('logs', { AWS_ENDPOINT_URL_DYNAMODB: await down() });
    for (const id of ['open-1', 'open-2']) await instance.invoke(logsEvent(line(id)));
    expect(await countReceived()).toEqual({ findings: 2, alerts: 2 });
    await expect(sendSummaries(16, instance)).rejects.toThrow(/ECONNREFUSED/);
  });

  test('has a summary that is sent again if SNS refuses it', async () => {
    const { logs } = stack().logsSource;
    for (const id of ['refused-1', 'refused-2']) await logs.invoke(logsEvent(line(id)));
    await received();
    const failing = await stack().startAnother('logs', { AWS_ENDPOINT_URL_SNS: await down() });
    await expect(sendSummaries(16, failing)).rejects.toThrow(/publishing to arn:aws:sns/);
    await sendSummaries(17);
    expect((await received()).alerts).toEqual([expect.stringContaining('one more event by "mallory"')]);
  });
});

describe('a softened copy of an event that arrives first', () => {
  const event = JSON.parse(truthTable[0]?.text ?? '');
  const real = JSON.stringify({ ...event, auditID: 'softened' });
  const softened = JSON.stringify({
    ...event,
    auditID: 'softened',
    requestURI: `${event.requestURI}?dryRun=All`,
    stageTimestamp: undefined,
    requestReceivedTimestamp: event.requestReceivedTimestamp.replace('Z', '000+00:00'),
  });

  test('does not suppress the alert about the event, which states what changed', async () => {
    await stack().logsSource.logs.invoke(logsEvent(softened));
    const first = await received();
    expect(first.findings).toEqual([expect.objectContaining({ outcome: 'dry-run' })]);
    await stack().logsSource.logs.invoke(logsEvent(real));
    const second = await received();
    expect(second.findings).toEqual([
      expect.objectContaining({
        id: first.findings[0].id,
        outcome: 'succeeded',
        sentBefore: { at: expect.any(String), as: [expect.objectContaining({ outcome: 'dry-run' })] },
      }),
    ]);
    expect(second.alerts).toEqual([
      expect.stringMatching(/It stated: .*outcome dry-run.* Now it is: .*outcome succeeded/),
    ]);
    await stack().logsSource.logs.invoke(logsEvent(`${softened}\n${real}`));
    expect(await countReceived()).toEqual(none);
  });
});

describe('a table that is', () => {
  const refusing = (type: string) => () =>
    running(
      answering(() => ({
        status: 400,
        body: JSON.stringify({ __type: `com.amazonaws.dynamodb.v20120810#${type}`, message: 'no' }),
      })),
    );
  const head = 'HTTP/1.1 200 OK\r\ncontent-type: application/x-amz-json-1.0\r\ncontent-length: 9\r\n\r\n';

  test.each<[string, () => Promise<string>, RegExp]>([
    ['down', down, /ECONNREFUSED/],
    ['silent', () => running(silent()), /^TimeoutError: /],
    ['silent in the middle of an answer', () => running(silent(`${head}{"a`)), /^TimeoutError: /],
    ['throttled', refusing('ProvisionedThroughputExceededException'), /^ProvisionedThroughputExceeded/],
    ['refusing', refusing('AccessDeniedException'), /^AccessDeniedException: no/],
    ['answering nonsense', () => running(answering(() => ({ status: 200, body: '<html>' }))), /JSON/],
    ['gone', async () => dynamoDb(), /^ResourceNotFoundException: /],
  ])('%s does not stop an alert, and a metric counts it', async (kind, start, reason) => {
    const instance = await stack().startAnother('logs', {
      AWS_ENDPOINT_URL_DYNAMODB: await start(),
      CSRWATCH_TABLE_TIMEOUT_MS: '',
      ...(kind === 'gone' ? { CSRWATCH_TABLE: 'Gone' } : {}),
    });
    for (let delivery = 0; delivery < 2; delivery += 1) {
      // a duplicate line is sent once all the same
      await instance.invoke(logsEvent(`${lines(2)}\n${lines(2)}`));
      expect(await countReceived()).toEqual({ findings: 2, alerts: 2 });
    }
    await expect.poll(() => metricsOf(instance.log)).toHaveLength(2);
    for (const metrics of metricsOf(instance.log)) {
      expect(metrics).toMatchObject({ Published: 4, DedupFailures: 4, PublishFailures: 0, Faults: 0 });
    }
    const warning = instance.log.map((line) => JSON.parse(line)).find(({ level }) => level === 'warn');
    expect(warning).toMatchObject({ alerts: 4, reasons: [expect.stringMatching(reason)] });
  });

  test('refusing is not called again for each of hundreds of findings', async () => {
    let asked = 0;
    const url = await running(
      answering(() => {
        asked += 1;
        return { status: 500, body: '{}' };
      }),
    );
    const instance = await stack().startAnother('logs', { AWS_ENDPOINT_URL_DYNAMODB: url });
    await instance.invoke(logsEvent(lines(300)));
    expect(await countReceived()).toEqual({ findings: 300, alerts: 300 });
    // two channels, sixteen at a time, each tried twice
    expect(asked).toBeLessThanOrEqual(64);
  });
});
