import { gzipSync, zstdCompressSync } from 'node:zlib';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { receiveAll } from '../../cli/local/subscriber.ts';
import { type LocalStack, startLocalStack } from '../../cli/local/topology.ts';
import type { RunningServer } from '../loopback-server.ts';
import { truthTable } from '../truth-table.ts';
import { forgetSent } from './dedup-items.ts';
import { endlessObjects } from './servers.ts';

const text = truthTable[0]?.text ?? '';
/** An event that the base rule matches, with an id and a user of its own. */
const event = (auditID: string) =>
  JSON.stringify({ ...JSON.parse(text), auditID, user: { username: auditID } });

let stack: LocalStack;
let endless: RunningServer;

beforeAll(async () => {
  stack = await startLocalStack();
  endless = await endlessObjects(stack.aws.environment['AWS_ENDPOINT_URL'] ?? '', `${event('before')}\n`);
});
afterAll(async () => {
  await stack.stop();
  await endless.stop();
});
beforeEach(() => forgetSent(stack));

async function put(key: string, body: string | Buffer): Promise<{ key: string; eTag: string }> {
  const { bucket, s3 } = stack.s3Source;
  const { ETag: eTag = '' } = await s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body }));
  return { key, eTag };
}

function notification(object: object, eventName = 'ObjectCreated:Put'): string {
  const { bucket, region } = stack.s3Source;
  return JSON.stringify({
    Records: [
      { eventSource: 'aws:s3', awsRegion: region, eventName, s3: { bucket: { name: bucket }, object } },
    ],
  });
}

const message = (messageId: string, body: string, receiveCount = 1) => ({
  messageId,
  body,
  eventSource: 'aws:sqs',
  attributes: { ApproximateReceiveCount: String(receiveCount) },
});

const failed = (...ids: string[]) => ({
  batchItemFailures: ids.map((itemIdentifier) => ({ itemIdentifier })),
});

/** The audit ids of what reached the findings channel since the last call, each once per event. */
async function found(): Promise<string[]> {
  const messages = await receiveAll(stack.aws.sqs, stack.findingsQueueUrl);
  return [...new Set(messages.map(({ Message }): string => JSON.parse(Message).event.auditID))].sort();
}

/** The lines of a log that are not about a finding. */
function withoutFindings(log: readonly string[]): string[] {
  return log.filter((line) => !line.includes('"message":"finding"'));
}

describe('an object that never ends', () => {
  const timeoutMs = 8_000;
  const slow = () => stack.startAnother('objects', { AWS_ENDPOINT_URL_S3: endless.url }, timeoutMs);

  test('delays neither the alert for an event before it nor its neighbor', async () => {
    const neighbor = await put('neighbor.ndjson', `${event('neighbor')}\n`);
    const instance = await slow();
    const response = await instance.invoke({
      Records: [
        message('endless', notification({ key: 'endless.ndjson' })),
        message('neighbor', notification({ key: neighbor.key })),
      ],
    });
    expect(response).toEqual(failed('endless'));
    expect(await found()).toEqual(['before', 'neighbor']);
  });

  test('is read last if it was delivered before', async () => {
    const neighbor = await put('first.ndjson', `${event('first')}\n`);
    const instance = await slow();
    const pending = instance.invoke({
      Records: [
        message('endless', notification({ key: 'endless.ndjson' }), 2),
        message('first', notification({ key: neighbor.key })),
      ],
    });
    await expect.poll(found, { timeout: 4_000 }).toContain('first');
    const metrics = () => instance.log.find((line) => line.includes('"_aws"')) ?? '{}';
    await expect
      .poll(() => JSON.parse(metrics()), { timeout: 4_000 })
      .toMatchObject({ Events: 1, Faults: 0 });
    expect(await pending).toEqual(failed('endless'));
    expect(await found()).toEqual(['before']);
  });
});

test('an object that takes too long to decompress is returned in time, and delays no alert', async () => {
  const frame = zstdCompressSync('{}\n');
  const frames = Buffer.alloc(400_000 * frame.length, frame);
  const bomb = await put('bomb.zst', Buffer.concat([zstdCompressSync(`${event('before')}\n`), frames]));
  const neighbor = await put('beside.ndjson', `${event('neighbor')}\n`);
  const timeoutMs = 4_000;
  const instance = await stack.startAnother('objects', {}, timeoutMs);
  const records = [
    message('bomb', notification({ key: bomb.key })),
    message('neighbor', notification({ key: neighbor.key })),
  ];
  expect(await instance.invoke({ Records: records })).toEqual(failed('bomb'));
  expect(await found()).toEqual(['before', 'neighbor']);
  const failure = instance.log.find((line) => line.includes('returned for retry')) ?? '{}';
  expect(JSON.parse(failure)).toMatchObject({ reasons: [expect.stringContaining('ran out of time')] });
  const metrics = instance.log.filter((line) => line.includes('"_aws"')).map((line) => JSON.parse(line));
  expect(metrics).toContainEqual(expect.objectContaining({ Events: 1, Faults: 1, Records: 1 }));
});

describe('an object that was overwritten', () => {
  const asEventBridge = (key: string, etag: string) =>
    JSON.stringify({
      source: 'aws.s3',
      region: stack.s3Source.region,
      'detail-type': 'Object Created',
      detail: { bucket: { name: stack.s3Source.bucket }, object: { key, etag } },
    });

  test.each([
    ['S3', (key: string, eTag: string) => notification({ key, eTag })],
    ['EventBridge', asEventBridge],
  ])('after a notification of %s is a fault, and is not retried', async (_, announce) => {
    const { key, eTag } = await put('overwritten.ndjson', `${event('old')}\n`);
    const later = await put(key, `${event('new')}\n`);
    const { objects } = stack.s3Source;
    const from = withoutFindings(objects.log).length;
    const records = [
      message('old', announce(key, eTag.replaceAll('"', ''))),
      message('new', announce(key, later.eTag.replaceAll('"', ''))),
    ];
    expect(await objects.invoke({ Records: records })).toEqual(failed());
    expect(await found()).toEqual(['new']);
    await expect.poll(() => withoutFindings(objects.log).length - from).toBe(3);
    const lines = withoutFindings(objects.log)
      .slice(from)
      .map((line) => JSON.parse(line));
    expect(lines).toMatchObject([
      { Faults: 1, Overwritten: 1, Events: 0 },
      { level: 'error', message: 'object overwritten', source: expect.stringContaining(key) },
      { Faults: 0, Events: 1, Objects: 1 },
    ]);
    expect(lines[0]).not.toHaveProperty('Objects');
  });

  test('is read as it is if the notification has no eTag', async () => {
    const { key } = await put('plain.ndjson', `${event('plain')}\n`);
    expect(await stack.s3Source.objects.invoke({ Records: [message('m', notification({ key }))] })).toEqual(
      failed(),
    );
    expect(await found()).toEqual(['plain']);
  });
});

test('a notification of a deletion is acknowledged, counted apart, and shows no liveness of its bucket', async () => {
  const { objects } = stack.s3Source;
  const from = objects.log.length;
  const body = notification({ key: 'gone.ndjson' }, 'ObjectRemoved:Delete');
  expect(await objects.invoke({ Records: [message('m', body)] })).toEqual(failed());
  await expect.poll(() => objects.log.length - from).toBe(2);
  const [metrics] = objects.log.slice(from).map((line) => JSON.parse(line));
  expect(metrics).toMatchObject({ IgnoredNotifications: 1, Faults: 0, Events: 0 });
  expect(metrics).not.toHaveProperty('Objects');
});

describe('a message of a log group', () => {
  const deliver = (...messages: string[]) => {
    const envelope = {
      messageType: 'DATA_MESSAGE',
      owner: stack.aws.account,
      logGroup: stack.logsSource.logGroup,
      logStream: 's',
      logEvents: messages.map((text, id) => ({ id: `${id}`, timestamp: 0, message: text })),
    };
    const data = gzipSync(JSON.stringify(envelope)).toString('base64');
    return stack.logsSource.logs.invoke({ awslogs: { data } });
  };

  test.each<[string, string, string[]]>([
    ['two events', `${event('a')}${event('b')}`, ['a', 'b']],
    ['two events in lines', `${event('a')}\n${event('b')}`, ['a', 'b']],
    ['a pretty-printed event', JSON.stringify(JSON.parse(event('a')), null, 2), ['a']],
    ['an event after brackets', `[info] [audit] ${event('a')}`, ['a']],
    ['an event after a truncated one', `${event('x').slice(0, 100)}\n${event('a')}`, ['a']],
    ['an event after a text that looks like Parquet', `PAR1 ${event('a')}`, ['a']],
  ])('of %s is read as a line of an object is', async (_, text, ids) => {
    await deliver(text);
    expect(await found()).toEqual(ids);
  });

  test('that cannot be read does not affect its neighbors, and is rejected with its log event', async () => {
    const { logs } = stack.logsSource;
    const from = withoutFindings(logs.log).length;
    await deliver(event('a'), `{"objectRef":{"resource":"certificatesigningrequests",`, event('b'));
    expect(await found()).toEqual(['a', 'b']);
    await expect.poll(() => withoutFindings(logs.log).length - from).toBe(2);
    expect(
      withoutFindings(logs.log)
        .slice(from)
        .map((line) => JSON.parse(line)),
    ).toMatchObject([
      { Events: 2, Rejected: 1 },
      { message: 'record rejected', place: { logEventId: '1' } },
    ]);
  });
});

describe('a record of a stream', () => {
  const record = (sequenceNumber: string, data: string | Buffer) => ({
    eventSource: 'aws:kinesis',
    eventSourceARN: `arn:aws:kinesis:eu-central-1:${stack.aws.account}:stream/logs`,
    kinesis: { sequenceNumber, data: Buffer.from(data).toString('base64') },
  });
  const envelope = (text: string) =>
    gzipSync(
      JSON.stringify({
        messageType: 'DATA_MESSAGE',
        logGroup: 'g',
        logEvents: [{ id: '0', message: text }],
      }),
    );

  test('is read whether it holds an envelope, an event, lines, or gzip of lines', async () => {
    const response = await stack.logsSource.logs.invoke({
      Records: [
        record('1', envelope(event('envelope'))),
        record('2', event('json')),
        record('3', `${event('line-1')}\n${event('line-2')}\n`),
        record('4', gzipSync(`${event('gzip')}\n`)),
      ],
    });
    expect(response).toEqual(failed());
    expect(await found()).toEqual(['envelope', 'gzip', 'json', 'line-1', 'line-2']);
  });

  test('that cannot be read is returned, and not its neighbors', async () => {
    const response = await stack.logsSource.logs.invoke({
      Records: [record('1', gzipSync(event('cut')).subarray(0, -20)), record('2', event('after'))],
    });
    expect(response).toEqual(failed('1'));
    expect(await found()).toContain('after');
  });
});
