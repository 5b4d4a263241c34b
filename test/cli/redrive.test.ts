import { LambdaClient } from '@aws-sdk/client-lambda';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import {
  CreateQueueCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { startFauxqs } from 'fauxqs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { backFromBucket, backToFunction, backToQueue, redrive } from '../../cli/redrive/redrive-messages.ts';
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

test('a log delivery is its function invoked again with the same payload', async () => {
  const lambda = await startJsonService(() => ({}));
  const payload = { awslogs: { data: 'H4sI' } };
  const url = await queueOf('LogsDeadLetterQueue', [
    JSON.stringify({ version: '1.0', requestContext: {}, requestPayload: payload }),
    '{"not":"a record"}',
  ]);
  const client = new LambdaClient(lambda.client);
  const report = await redrive(
    { name: 'log deliveries', url, putBack: backToFunction('detector', client) },
    sqs,
    { dryRun: false },
  );
  client.destroy();
  await lambda.stop();
  expect(lambda.calls).toEqual([{ operation: '/2015-03-31/functions/detector/invocations', body: payload }]);
  expect(report).toEqual({
    waiting: 2,
    putBack: 1,
    failures: [expect.stringMatching(/it is no record of a failed invocation: it has no requestPayload$/)],
  });
});

test.each([
  ['took it up', { batchItemFailures: [] }, { waiting: 1, putBack: 1, failures: [] }],
  [
    'failed anew',
    { batchItemFailures: [{ itemIdentifier: '49' }] },
    { waiting: 1, putBack: 0, failures: [expect.stringContaining('s3://failures/aws/lambda/1 failed anew')] },
  ],
])(
  'failed records of the stream are read from their bucket, and stay if the function %s',
  async (name, answer, report) => {
    const s3 = new S3Client({
      ...{ region: 'eu-central-1', endpoint: `http://127.0.0.1:${server.port}`, credentials },
      forcePathStyle: true,
    });
    const payload = {
      Records: [{ eventSource: 'aws:kinesis', kinesis: { sequenceNumber: '49', data: 'H4sI' } }],
    };
    await s3.send(new CreateBucketCommand({ Bucket: 'failures' })).catch(() => {});
    await s3.send(
      new PutObjectCommand({
        Bucket: 'failures',
        Key: 'aws/lambda/1',
        Body: JSON.stringify({ version: '1.0', requestContext: {}, payload: JSON.stringify(payload) }),
      }),
    );
    const told = { Records: [{ s3: { bucket: { name: 'failures' }, object: { key: 'aws/lambda/1' } } }] };
    const url = await queueOf(`StreamDeadLetterQueue-${name.replaceAll(' ', '-')}`, [JSON.stringify(told)]);
    const lambda = await startJsonService(() => answer);
    const client = new LambdaClient(lambda.client);
    const place = { name: 'stream', url, putBack: backFromBucket('detector', client, s3) };
    expect(await redrive(place, sqs, { dryRun: false })).toEqual(report);
    expect(lambda.calls.map(({ body }) => body)).toEqual([payload]);
    for (const open of [client, s3]) open.destroy();
    await lambda.stop();
  },
);

test("of the stream, S3's test message is cleared away, and what tells of no object stays", async () => {
  const nowhere = { region: 'eu-central-1', endpoint: 'http://127.0.0.1:9', credentials };
  const [client, s3] = [new LambdaClient(nowhere), new S3Client(nowhere)];
  const url = await queueOf('StreamDeadLetterQueue-strange', [
    '{"Event":"s3:TestEvent"}',
    '{"not":"a notification"}',
  ]);
  const place = { name: 'stream', url, putBack: backFromBucket('detector', client, s3) };
  expect(await redrive(place, sqs, { dryRun: false })).toEqual({
    waiting: 2,
    putBack: 1,
    failures: [expect.stringMatching(/it is no notification of an object: a trigger of an unknown kind/)],
  });
  for (const open of [client, s3]) open.destroy();
});
