import { describe, expect, test } from 'vitest';
import { recognizeTrigger } from '../../lambda/triggers/recognize-trigger.ts';

const object = { bucket: 'logs', key: 'a b+c/ü.gz', versionId: 'v1', eTag: 'e1', region: 'eu-west-1' };

/** S3's own notification, whose key is form-encoded. */
const s3 = (eventName: unknown = 'ObjectCreated:Put') => ({
  Records: [
    {
      eventSource: 'aws:s3',
      awsRegion: 'eu-west-1',
      eventName,
      s3: { bucket: { name: 'logs' }, object: { key: 'a+b%2Bc/%C3%BC.gz', versionId: 'v1', eTag: 'e1' } },
    },
  ],
});
const bridge = (detailType = 'Object Created') => ({
  source: 'aws.s3',
  region: 'eu-west-1',
  'detail-type': detailType,
  detail: { bucket: { name: 'logs' }, object: { key: 'a b+c/ü.gz', 'version-id': 'v1', etag: 'e1' } },
});
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
    attributes: { ApproximateReceiveCount: String(index + 1) },
    body: JSON.stringify(body),
  })),
});
const testEvent = { Service: 'Amazon S3', Event: 's3:TestEvent', Bucket: 'logs' };

describe('a notification of a new object', () => {
  test.each([
    ['from S3', s3()],
    ['from S3 through SNS', inSns(s3())],
    ['from EventBridge', bridge()],
  ])('%s names the object', (_, event) => {
    expect(recognizeTrigger(event)).toEqual({
      ok: true,
      answer: 'none',
      deliveries: [{ kind: 'object', object, alerts: true }],
    });
  });

  test.each([
    ['from S3', s3()],
    ['from S3 through SNS', snsBody(s3())],
    ['from S3 through SNS twice', snsBody(snsBody(s3()))],
    ['from EventBridge', bridge()],
    ['from EventBridge through SNS', snsBody(bridge())],
  ])('%s through SQS names the object, and the message to return for retry', (_, body) => {
    expect(recognizeTrigger(inSqs(body))).toEqual({
      ok: true,
      answer: 'batch',
      deliveries: [{ kind: 'object', object, alerts: true, messageId: 'm0', receiveCount: 1 }],
    });
  });

  test('may lack a version and an eTag', () => {
    const event = { Records: [{ s3: { bucket: { name: 'logs' }, object: { key: 'a' } } }] };
    expect(recognizeTrigger(event)).toMatchObject({
      deliveries: [{ kind: 'object', object: { bucket: 'logs', key: 'a' } }],
    });
  });

  test.each(['ObjectCreated:CompleteMultipartUpload', 's3:ObjectCreated:Copy', 'ObjectInvented:Tomorrow'])(
    'of type %s is read',
    (eventName) => {
      expect(recognizeTrigger(s3(eventName))).toMatchObject({ deliveries: [{ kind: 'object' }] });
    },
  );
});

describe('a notification after which there is no new content', () => {
  test.each([
    ...['ObjectRemoved:Delete', 'ObjectRemoved:DeleteMarkerCreated', 'LifecycleExpiration:Delete'],
    ...['LifecycleExpiration:DeleteMarkerCreated', 'LifecycleTransition', 'IntelligentTiering'],
    ...['ObjectRestore:Post', 'ObjectRestore:Completed', 'ObjectRestore:Delete', 'ObjectAcl:Put'],
    ...[
      'ObjectTagging:Put',
      'ObjectTagging:Delete',
      'ReducedRedundancyLostObject',
      's3:ObjectRemoved:Delete',
    ],
    'Replication:OperationMissedThreshold',
  ])('S3: %s', (eventName) => {
    expect(recognizeTrigger(inSqs(s3(eventName)))).toEqual({
      ok: true,
      answer: 'batch',
      deliveries: [{ kind: 'no-object', eventName, messageId: 'm0', receiveCount: 1 }],
    });
  });

  test.each([
    ...['Object Deleted', 'Object Restore Initiated', 'Object Restore Completed', 'Object Restore Expired'],
    ...['Object Tags Added', 'Object Tags Deleted', 'Object ACL Updated', 'Object Storage Class Changed'],
    'Object Access Tier Changed',
  ])('EventBridge: %s', (eventName) => {
    expect(recognizeTrigger(bridge(eventName))).toEqual({
      ok: true,
      answer: 'none',
      deliveries: [{ kind: 'no-object', eventName }],
    });
  });

  test.each([
    ['directly', testEvent, 'none'],
    ['through SQS', inSqs(testEvent), 'batch'],
    ['through SNS and SQS', inSqs(snsBody(testEvent)), 'batch'],
  ])("S3's test message, %s, is no delivery", (_, event, answer) => {
    expect(recognizeTrigger(event)).toEqual({ ok: true, answer, deliveries: [] });
  });
});

describe('a batch', () => {
  test('returns an unknown message for retry, and not its neighbors', () => {
    expect(recognizeTrigger(inSqs(s3(), { hello: 1 }))).toMatchObject({
      ok: true,
      deliveries: [
        { kind: 'object', messageId: 'm0', receiveCount: 1 },
        { kind: 'unknown', messageId: 'm1', receiveCount: 2, reason: expect.stringContaining('hello') },
      ],
    });
  });

  test('of a stream names the stream and returns a record without data, and not its neighbors', () => {
    const record = (sequenceNumber: string, data?: string) => ({
      eventSource: 'aws:kinesis',
      eventSourceARN: 'arn:aws:kinesis:eu-west-1:111122223333:stream/logs',
      kinesis: { sequenceNumber, ...(data === undefined ? {} : { data }) },
    });
    expect(recognizeTrigger({ Records: [record('1', 'AAAA'), record('2')] })).toMatchObject({
      answer: 'batch',
      deliveries: [
        {
          kind: 'stream-record',
          messageId: '1',
          data: Buffer.alloc(3),
          stream: { name: 'logs', account: '111122223333', region: 'eu-west-1' },
        },
        { kind: 'unknown', messageId: '2' },
      ],
    });
  });
});

test('a subscription is log data', () => {
  const data = Buffer.from('packed').toString('base64');
  expect(recognizeTrigger({ awslogs: { data } })).toEqual({
    ok: true,
    answer: 'none',
    deliveries: [{ kind: 'log-data', packed: Buffer.from('packed') }],
  });
});

describe('a Step Functions map', () => {
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
  ])('%s names objects by keys that are not encoded', (_, event) => {
    expect(recognizeTrigger(event)).toMatchObject({
      ok: true,
      answer: 'results',
      deliveries: [{ kind: 'object', object: { bucket: 'logs', key: 'a+b' }, alerts: true }],
    });
  });

  test('an item without a bucket is a trigger of an unknown kind', () => {
    const event = { Items: [{ Key: 'a' }], BatchInput: {} };
    expect(recognizeTrigger(event)).toEqual({
      ok: false,
      reason: expect.stringContaining('Items, BatchInput'),
    });
  });
});

test.each([
  [{ foo: 1, bar: 2 }, 'its keys are foo, bar'],
  [{}, 'it has no keys'],
  [[], 'it is a list'],
  [null, 'it is null, not an object'],
])('a trigger of an unknown kind is described: %j', (event, seen) => {
  expect(recognizeTrigger(event)).toEqual({ ok: false, reason: expect.stringContaining(seen) });
});
