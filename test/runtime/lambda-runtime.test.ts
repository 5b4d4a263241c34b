import { randomBytes } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { PurgeQueueCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { drainQueue, dropObject } from '../../cli/local/local-sources.ts';
import { receiveAll } from '../../cli/local/subscriber.ts';
import { type LocalStack, startLocalStack } from '../../cli/local/topology.ts';
import { expireClaims, forgetSent } from '../bundle/dedup-items.ts';
import { before } from '../bundle/servers.ts';
import { truthTable } from '../truth-table.ts';
import { startEmulated } from './emulated-function.ts';
import { installedRuntime } from './lambda-runtime.ts';
import { tcpRelay } from './tcp-relay.ts';

const runtime = await installedRuntime();
if (!runtime.ok) console.warn(`The bundle is not run by Lambda's emulator: ${runtime.reason}`);

const folder = mkdtempSync(join(tmpdir(), 'csrwatch-runtime-'));
const stopped: { stop(): unknown }[] = [];
let stack: LocalStack;

/** Stopped after the test. */
function stopLater<T extends { stop(): unknown }>(one: T): T {
  stopped.push(one);
  return one;
}

let serial = 0;

/** An event that was never alerted about. */
function newEvent(): string {
  serial += 1;
  const event = JSON.parse(truthTable[0]?.text ?? '');
  return JSON.stringify({ ...event, auditID: `event-${serial}`, user: { username: `user-${serial}` } });
}

function envelope(...messages: readonly string[]): Buffer {
  return gzipSync(
    JSON.stringify({
      messageType: 'DATA_MESSAGE',
      owner: stack.aws.account,
      logGroup: stack.logsSource.logGroup,
      logStream: 'kube-apiserver-audit-0',
      subscriptionFilters: ['csrwatch'],
      logEvents: messages.map((message, id) => ({ id: `${id}`, timestamp: 0, message })),
    }),
  );
}

const logsEvent = (...messages: readonly string[]) => ({
  awslogs: { data: envelope(...messages).toString('base64') },
});

/** Puts an object with the text into the bucket, and its notification into the queue. */
async function drop(text: string): Promise<void> {
  const path = join(folder, `${randomBytes(8).toString('hex')}.ndjson`);
  writeFileSync(path, text);
  await dropObject(path, stack.s3Source);
}

const sendBody = (MessageBody: string) =>
  stack.aws.sqs.send(new SendMessageCommand({ QueueUrl: stack.s3Source.queueUrl, MessageBody }));

/** Messages on both channels since the last call. */
async function received() {
  const { sqs } = stack.aws;
  const findings = await receiveAll(sqs, stack.findingsQueueUrl);
  const alerts = await receiveAll(sqs, stack.alertsQueueUrl);
  return { findings: findings.length, alerts: alerts.length };
}

const none = { findings: 0, alerts: 0 };
const one = { findings: 1, alerts: 1 };

/** Text that neither gzip nor JSON makes shorter. */
const noise = (bytes: number) => randomBytes(bytes).toString('base64').slice(0, bytes);

/** A function whose SNS answers only while it is asked to. `reached` resolves at the first request that it holds. */
async function withHeldSns(source: 'logs' | 'objects', timeoutMs: number, more: Record<string, string> = {}) {
  const hold = { on: true, reached: () => {} };
  const reached = new Promise<void>((resolve) => {
    hold.reached = resolve;
  });
  const sns = await before(stack.aws.environment['AWS_ENDPOINT_URL'] ?? '', () => {
    if (!hold.on) return undefined;
    hold.reached();
    return new Promise(() => {});
  });
  stopLater(sns);
  const variables = { AWS_ENDPOINT_URL_SNS: sns.url, ...more };
  const detector = stopLater(await stack.startAnother(source, variables, timeoutMs));
  return {
    detector,
    reached,
    release: () => {
      hold.on = false;
    },
  };
}

/** An SQS message with S3's notification about a new object, as Lambda delivers it. */
async function queueEvent(lines: readonly string[], padding = '') {
  const { bucket, queueArn, s3 } = stack.s3Source;
  const key = `audit/${randomBytes(8).toString('hex')}.ndjson`;
  await s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: lines.join('\n') }));
  return { Records: [queueRecord('message', notification(bucket, key, padding), queueArn)] };
}

function notification(bucket: string, key: string, more = ''): string {
  const s3 = { bucket: { name: bucket }, object: { key } };
  return JSON.stringify({ Records: [{ eventSource: 'aws:s3', eventName: 'ObjectCreated:Put', s3, more }] });
}

function queueRecord(messageId: string, body: string, eventSourceARN: string) {
  const attributes = { ApproximateReceiveCount: '1' };
  return { messageId, receiptHandle: messageId, body, attributes, eventSource: 'aws:sqs', eventSourceARN };
}

function streamRecord(data: Buffer, index: number) {
  const kinesis = { sequenceNumber: `${index}`, data: data.toString('base64') };
  const eventSourceARN = `arn:aws:kinesis:${stack.aws.region}:${stack.aws.account}:stream/audit`;
  return { eventSource: 'aws:kinesis', eventSourceARN, kinesis };
}

/** The share of Lambda's limit that an event has: at most 1. */
function shareOf(event: object, limitBytes: number): number {
  const share = Buffer.byteLength(JSON.stringify(event)) / limitBytes;
  expect(share).toBeLessThanOrEqual(1);
  return share;
}

const eventOf = {
  logs: async (line: string) => logsEvent(line),
  objects: (line: string) => queueEvent([line]),
};

/** What the function answers when it has handled the whole input of a source. */
const acknowledged = { logs: null, objects: { batchItemFailures: [] } };

const title = "the bundle under Lambda's emulator and runtime client";
// longer than on an idle machine
describe.skipIf(!runtime.ok)(title, { timeout: 120_000 }, () => {
  beforeAll(async () => {
    if (runtime.ok) stack = await startLocalStack((...args) => startEmulated(runtime, ...args));
  });
  afterAll(() => stack?.stop());
  beforeEach(async () => {
    await forgetSent(stack);
    await stack.aws.sqs.send(new PurgeQueueCommand({ QueueUrl: stack.s3Source.queueUrl }));
    await received();
  });
  afterEach(async () => {
    for (const open of stopped.splice(0)) await open.stop();
  });

  test('sends the alerts of a CloudWatch Logs delivery once, and fails if it cannot be read', async () => {
    const event = logsEvent('{"kind":"Other"}', newEvent());
    await expect(stack.logsSource.logs.invoke(event)).resolves.toBeNull();
    expect(await received()).toEqual(one);
    await expect(stack.logsSource.logs.invoke(event)).resolves.toBeNull();
    expect(await received()).toEqual(none);
    const cut = { awslogs: { data: event.awslogs.data.slice(0, -8) } };
    await expect(stack.logsSource.logs.invoke(cut)).rejects.toThrow(/^Error: CloudWatch Logs: /);
  });

  test('returns only the message that failed of a batch from SQS', async () => {
    await drop(newEvent());
    await sendBody('{"not": "a notification"}');
    await drop(newEvent());
    const { deliveries, failures } = await drainQueue(stack.s3Source);
    expect({ deliveries, failures: failures.length }).toEqual({ deliveries: 1, failures: 1 });
    expect(await received()).toEqual({ findings: 2, alerts: 2 });
  });

  test('sends the alerts of an invocation that timed out at its retry, on both sources', async () => {
    const timeOut = async (source: 'logs' | 'objects') => {
      const { detector, reached, release } = await withHeldSns(source, 4_000);
      const event = await eventOf[source](newEvent());
      await expect(detector.invoke(event)).rejects.toThrow('Task timed out after 4.00 seconds');
      await reached;
      release();
      // its claims have expired at the timeout
      return async () => expect(await detector.invoke(event)).toEqual(acknowledged[source]);
    };
    const retries = await Promise.all([timeOut('logs'), timeOut('objects')]);
    expect(await received()).toEqual(none);
    for (const retry of retries) {
      await retry();
      expect(await received()).toEqual(one);
    }
  });

  test('starts again after an unhandled rejection, and loses no alert, on both sources', async () => {
    const rejecting = join(folder, 'rejecting.mjs');
    writeFileSync(rejecting, "process.on('SIGUSR2', () => void Promise.reject(new Error('unhandled')));");
    for (const source of ['logs', 'objects'] as const) {
      const held = await withHeldSns(source, 60_000, { NODE_OPTIONS: `--import=${rejecting}` });
      const { detector, reached, release } = held;
      const event = await eventOf[source](newEvent());
      const crash = async () => {
        await reached;
        process.kill(detector.pid ?? 0, 'SIGUSR2');
      };
      await Promise.all([
        expect(detector.invoke(event)).rejects.toThrow(/^Runtime.ExitError: .*exit status 1/),
        crash(),
      ]);
      expect(detector.log.join('\n')).toContain('Error: unhandled');
      release();
      // other inputs do not wait for the claims that it left
      expect(await detector.invoke(await eventOf[source](newEvent()))).toEqual(acknowledged[source]);
      expect(await received()).toEqual(one);
      await expireClaims(stack);
      expect(await detector.invoke(event)).toEqual(acknowledged[source]);
      expect(await received()).toEqual(one);
    }
  });

  test('sends each alert once after a freeze in which services closed its connections', async () => {
    const { AWS_ENDPOINT_URL: aws = '', AWS_ENDPOINT_URL_DYNAMODB: dynamoDb = '' } = stack.aws.environment;
    const relays = [stopLater(await tcpRelay(aws)), stopLater(await tcpRelay(dynamoDb))] as const;
    const detector = stopLater(
      await stack.startAnother('objects', {
        AWS_ENDPOINT_URL: relays[0].url,
        AWS_ENDPOINT_URL_DYNAMODB: relays[1].url,
      }),
    );
    await detector.invoke(await eventOf.objects(newEvent()));
    expect(await received()).toEqual(one);
    for (const how of ['closed', 'reset', 'reset at its next use'] as const) {
      const event = await eventOf.objects(newEvent());
      const open = relays.map((relay) => relay.open);
      expect(Math.min(...open), 'pooled connections').toBeGreaterThan(0);
      const pid = detector.pid ?? 0;
      process.kill(pid, 'SIGSTOP');
      for (const relay of relays) relay.cut(how);
      const invoked = detector.invoke(event);
      process.kill(pid, 'SIGCONT');
      expect(await invoked, how).toEqual(acknowledged.objects);
      expect(await received(), how).toEqual(one);
    }
  });

  test('finds the last event in the largest inputs', async () => {
    // an asynchronous invocation takes 1 MB
    const asynchronous = logsEvent(noise(1_030_000), newEvent());
    expect(shareOf(asynchronous, 2 ** 20)).toBeCloseTo(1, 1);
    await expect(stack.logsSource.logs.invoke(asynchronous)).resolves.toBeNull();
    expect(await received()).toEqual(one);

    // a batch has at most 6 MB, and a record or message of it 1 MB
    const data = [...Array(5).fill(envelope(noise(1_030_000))), envelope(noise(1_030_000), newEvent())];
    const stream = { Records: data.map(streamRecord) };
    expect(shareOf(stream, 6 * 2 ** 20)).toBeCloseTo(1, 1);
    await expect(stack.logsSource.logs.invoke(stream)).resolves.toEqual({ batchItemFailures: [] });
    expect(await received()).toEqual(one);

    const { bucket, queueArn } = stack.s3Source;
    const padding = noise(2 ** 20 - 10_000);
    const [last] = (await queueEvent([newEvent()], padding)).Records;
    const absent = Array.from({ length: 5 }, (_, index) =>
      queueRecord(`${index}`, notification(bucket, `absent-${index}`, padding), queueArn),
    );
    const batch = { Records: [...absent, last] };
    expect(shareOf(batch, 6 * 2 ** 20)).toBeCloseTo(1, 1);
    await expect(stack.s3Source.objects.invoke(batch)).resolves.toEqual({
      batchItemFailures: absent.map(({ messageId }) => ({ itemIdentifier: messageId })),
    });
    expect(await received()).toEqual(one);
  });
});
