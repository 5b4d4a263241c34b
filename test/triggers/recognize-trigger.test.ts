import { describe, expect, test } from 'vitest';
import { recognizeTrigger } from '../../lambda/triggers/recognize-trigger.ts';

const object = { bucket: 'logs', key: 'a b+c/ü.gz', versionId: 'v1', region: 'eu-west-1' };
const s3 = {
  Records: [
    {
      eventSource: 'aws:s3',
      awsRegion: 'eu-west-1',
      s3: { bucket: { name: 'logs' }, object: { key: 'a+b%2Bc/%C3%BC.gz', versionId: 'v1' } },
    },
  ],
};
const bridge = {
  source: 'aws.s3',
  region: 'eu-west-1',
  'detail-type': 'Object Created',
  detail: { bucket: { name: 'logs' }, object: { key: 'a b+c/ü.gz', 'version-id': 'v1' } },
};
const inSns = (message: unknown) => ({
  Records: [
    {
      EventSource: 'aws:sns',
      Sns: { Type: 'Notification', Subject: null, Message: JSON.stringify(message) },
    },
  ],
});
const snsBody = (message: unknown) => ({ Type: 'Notification', Message: JSON.stringify(message) });
const inSqs = (...bodies: unknown[]) => ({
  Records: bodies.map((body, index) => ({
    eventSource: 'aws:sqs',
    messageId: `m${index}`,
    body: JSON.stringify(body),
  })),
});
const test3 = { Service: 'Amazon S3', Event: 's3:TestEvent', Bucket: 'logs' };

describe('recognizeTrigger', () => {
  test.each([
    ['S3', s3],
    ['SNS', inSns(s3)],
    ['EventBridge', bridge],
  ])('finds the object that %s tells of', (_, event) => {
    expect(recognizeTrigger(event)).toEqual({
      ok: true,
      answer: 'none',
      deliveries: [{ kind: 'object', object, alerts: true }],
    });
  });

  test.each([
    ['S3', s3],
    ['SNS', snsBody(s3)],
    ['EventBridge', bridge],
  ])('finds the object that %s tells of through SQS, with the message to hand back', (_, body) => {
    expect(recognizeTrigger(inSqs(body))).toEqual({
      ok: true,
      answer: 'batch',
      deliveries: [{ kind: 'object', object, alerts: true, messageId: 'm0' }],
    });
  });

  test.each([
    ['directly', test3, 'none'],
    ['through SQS', inSqs(test3), 'batch'],
    ['through SNS and SQS', inSqs(snsBody(test3)), 'batch'],
  ])('has nothing to do on the test message of S3 %s', (_, event, answer) => {
    expect(recognizeTrigger(event)).toEqual({ ok: true, answer, deliveries: [] });
  });

  test('hands back the message of a batch that it does not know, not its neighbours', () => {
    expect(recognizeTrigger(inSqs(s3, { hello: 1 }))).toMatchObject({
      ok: true,
      deliveries: [
        { kind: 'object', messageId: 'm0' },
        { kind: 'unknown', messageId: 'm1', reason: expect.stringContaining('hello') },
      ],
    });
  });

  test('reads a subscription and the records of a stream as log data', () => {
    const data = Buffer.from('packed').toString('base64');
    expect(recognizeTrigger({ awslogs: { data } })).toEqual({
      ok: true,
      answer: 'none',
      deliveries: [{ kind: 'log-data', packed: Buffer.from('packed') }],
    });
    const record = { eventSource: 'aws:kinesis', kinesis: { sequenceNumber: '49', data } };
    expect(recognizeTrigger({ Records: [record] })).toEqual({
      ok: true,
      answer: 'batch',
      deliveries: [{ kind: 'log-data', messageId: '49', packed: Buffer.from('packed') }],
    });
  });

  test.each([
    ['one item', { bucket: 'logs', key: 'a+b' }],
    [
      'a batch',
      {
        BatchInput: { bucket: 'logs' },
        Items: [
          {
            Etag: '"0123456789abcdef0123456789abcdef"',
            Key: 'a+b',
            LastModified: 1767323045,
            Size: 44_000_000,
            StorageClass: 'STANDARD',
          },
        ],
      },
    ],
  ])('takes %s of a Step Functions map, whose keys are not encoded', (_, event) => {
    expect(recognizeTrigger(event)).toMatchObject({
      ok: true,
      answer: 'results',
      deliveries: [{ kind: 'object', object: { bucket: 'logs', key: 'a+b' }, alerts: true }],
    });
  });

  test.each([
    ['SNS, EventBridge', snsBody(bridge)],
    ['SNS, SNS, S3', snsBody(snsBody(s3))],
  ])('unwraps each of what nests in a message: %s', (_, body) => {
    expect(recognizeTrigger(inSqs(body))).toMatchObject({
      deliveries: [{ kind: 'object', object, alerts: true, messageId: 'm0' }],
    });
  });

  test('hands back the stream record without data, not its neighbours', () => {
    const record = (sequenceNumber: string, data?: string) => ({
      eventSource: 'aws:kinesis',
      kinesis: { sequenceNumber, ...(data === undefined ? {} : { data }) },
    });
    expect(recognizeTrigger({ Records: [record('1', 'AAAA'), record('2')] })).toMatchObject({
      answer: 'batch',
      deliveries: [
        { kind: 'log-data', messageId: '1' },
        { kind: 'unknown', messageId: '2' },
      ],
    });
  });

  test('an item without a bucket is of no known kind', () => {
    const event = { Items: [{ Key: 'a' }], BatchInput: {} };
    expect(recognizeTrigger(event)).toEqual({
      ok: false,
      reason: expect.stringContaining('Items, BatchInput'),
    });
  });

  test.each([
    [{ foo: 1, bar: 2 }, 'foo, bar'],
    [[], 'a list'],
    [null, 'not an object'],
  ])('says what it saw where it knows no such trigger: %j', (event, seen) => {
    expect(recognizeTrigger(event)).toEqual({ ok: false, reason: expect.stringContaining(seen) });
  });
});
