import { LambdaClient } from '@aws-sdk/client-lambda';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import {
  CreateQueueCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { startFauxqs } from 'fauxqs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { backFromBucket, backToQueue, redrive } from '../../cli/redrive/redrive-messages.ts';
import { startJsonService } from '../json-service.ts';

const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
let server: Awaited<ReturnType<typeof startFauxqs>>;
let sqs: SQSClient;

beforeAll(async () => {
  server = await startFauxqs({ port: 0, logger: false, host: '127.0.0.1' });
  sqs = new SQSClient({ region: 'eu-central-1', endpoint: `http://127.0.0.1:${server.port}`, credentials });
});
afterAll(async () => {
  sqs.destroy();
  await server.stop();
});

async function queueOf(name: string, bodies: readonly string[]): Promise<string> {
  const { QueueUrl: url = '' } = await sqs.send(new CreateQueueCommand({ QueueName: name }));
  for (const body of bodies) await sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody: body }));
  return url;
}

async function bodiesIn(url: string): Promise<string[]> {
  const all: string[] = [];
  for (;;) {
    const { Messages: messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl: url, MaxNumberOfMessages: 10 }),
    );
    if (messages.length === 0) return all.sort();
    all.push(...messages.map(({ Body: body = '' }) => body));
  }
}

test('notifications of objects go back into their queue, and leave the dead letters', async () => {
  const bodies = Array.from({ length: 23 }, (_, index) => `{"Records":[${index}]}`);
  const url = await queueOf('ObjectsDeadLetterQueue', bodies);
  const target = await queueOf('Objects', []);
  const place = { name: 'objects', url, putBack: backToQueue(target, sqs) };
  expect(await redrive(place, sqs, { dryRun: true })).toEqual({ waiting: 23, putBack: 0, failures: [] });
  expect(await redrive(place, sqs, { dryRun: false })).toEqual({ waiting: 23, putBack: 23, failures: [] });
  expect(await bodiesIn(target)).toEqual([...bodies].sort());
  expect(await redrive(place, sqs, { dryRun: true })).toMatchObject({ waiting: 0 });
});

const kinesis = {
  Records: [{ eventSource: 'aws:kinesis', kinesis: { sequenceNumber: '49', data: 'H4sI' } }],
};
const logs = { awslogs: { data: 'H4sI' } };
const envelope = { version: '1.0', requestContext: {} };

describe.each([
  ['a log delivery', { ...envelope, requestPayload: logs }, logs],
  ['a batch of the stream', { ...envelope, payload: JSON.stringify(kinesis) }, kinesis],
])('%s', (kind, record, payload) => {
  const key = `aws/lambda/${kind.replaceAll(' ', '-')}`;
  const failure = expect.stringContaining(`s3://failures/${key} failed again`);

  test.each([
    ['succeeds', {}, { batchItemFailures: [] }, { waiting: 1, putBack: 1, failures: [] }],
    [
      'fails again for a record',
      {},
      { batchItemFailures: [{ itemIdentifier: '49' }] },
      { waiting: 1, putBack: 0, failures: [failure] },
    ],
    [
      'throws',
      { 'x-amz-function-error': 'Unhandled' },
      { errorMessage: 'no' },
      { waiting: 1, putBack: 0, failures: [failure] },
    ],
  ])('is read from its bucket, and stays if the function %s', async (name, headers, answer, report) => {
    const s3 = new S3Client({
      ...{ region: 'eu-central-1', endpoint: `http://127.0.0.1:${server.port}`, credentials },
      forcePathStyle: true,
    });
    await s3.send(new CreateBucketCommand({ Bucket: 'failures' })).catch(() => {});
    await s3.send(new PutObjectCommand({ Bucket: 'failures', Key: key, Body: JSON.stringify(record) }));
    const url = await queueOf(`LogsDeadLetterQueue-${kind}-${name}`.replaceAll(' ', '-'), [
      JSON.stringify(objectCreated('failures', key)),
    ]);
    const lambda = await startJsonService(() => answer, headers);
    const client = new LambdaClient(lambda.client);
    const place = { name: 'failed inputs', url, putBack: backFromBucket('detector', client, s3) };
    expect(await redrive(place, sqs, { dryRun: false })).toEqual(report);
    expect(lambda.calls.map(({ body }) => body)).toEqual([payload]);
    for (const open of [client, s3]) open.destroy();
    await lambda.stop();
  });
});

test('a message that is not an S3 event stays in the dead-letter queue', async () => {
  const nowhere = { region: 'eu-central-1', endpoint: 'http://127.0.0.1:9', credentials };
  const [client, s3] = [new LambdaClient(nowhere), new S3Client(nowhere)];
  const url = await queueOf('LogsDeadLetterQueue-strange', ['{"not":"a notification"}']);
  const place = { name: 'failed inputs', url, putBack: backFromBucket('detector', client, s3) };
  expect(await redrive(place, sqs, { dryRun: false })).toEqual({
    waiting: 1,
    putBack: 0,
    failures: [expect.stringMatching(/not an S3 event: /)],
  });
  for (const open of [client, s3]) open.destroy();
});

/** As EventBridge delivers it to the queue. */
function objectCreated(bucket: string, key: string): object {
  return {
    version: '0',
    id: '17793124-05d4-b198-2fde-7ededc63b103',
    'detail-type': 'Object Created',
    source: 'aws.s3',
    account: '111122223333',
    time: '2026-01-01T00:00:00Z',
    region: 'eu-central-1',
    resources: [`arn:aws:s3:::${bucket}`],
    detail: {
      version: '0',
      bucket: { name: bucket },
      object: { key, size: 5, etag: 'b1946ac92492d2347c6235b4d2611184' },
    },
  };
}
