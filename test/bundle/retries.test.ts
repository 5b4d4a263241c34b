import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { type Message, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { dropObject } from '../../cli/local/local-sources.ts';
import { type LocalStack, startLocalStack } from '../../cli/local/topology.ts';
import type { RunningServer } from '../loopback-server.ts';
import { answering, down, silent } from './servers.ts';

let stack: LocalStack;
const servers: RunningServer[] = [];

beforeAll(async () => {
  stack = await startLocalStack();
});
afterAll(() => stack.stop());
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.stop()));
});

async function running(server: Promise<RunningServer>): Promise<string> {
  servers.push(await server);
  return (await server).url;
}

async function receive(VisibilityTimeout: number) {
  const { queueUrl: QueueUrl, sqs } = stack.s3Source;
  const { Messages: [message] = [] } = await sqs.send(
    new ReceiveMessageCommand({
      QueueUrl,
      VisibilityTimeout,
      MessageSystemAttributeNames: ['ApproximateReceiveCount'],
    }),
  );
  return message;
}

function recordOf(message: Message) {
  return {
    messageId: message.MessageId,
    receiptHandle: message.ReceiptHandle,
    body: message.Body,
    attributes: message.Attributes,
    eventSource: 'aws:sqs',
    eventSourceARN: stack.s3Source.queueArn,
  };
}

/** A message that no function understands, at its n-th delivery. */
const unreadable = (messageId: string, receives: number) => ({
  ...recordOf({ MessageId: messageId, ReceiptHandle: `handle-${messageId}`, Body: '{"a":1}' }),
  attributes: { ApproximateReceiveCount: String(receives) },
});

/** An SQS that takes everything. `changes`: what it was asked to change. */
function fakeSqs() {
  const changes: { ReceiptHandle: string; VisibilityTimeout: number }[] = [];
  const server = answering((body, { headers }) => {
    if (!body.includes('VisibilityTimeout')) {
      return { status: 200, body: JSON.stringify({ QueueUrl: `http://${headers.host}/000000000000/q` }) };
    }
    changes.push(JSON.parse(body));
    return { status: 200, body: '{}' };
  });
  return { changes, server };
}

describe('a message that failed', () => {
  test('stays invisible for its delay, and not for what is left of the visibility timeout', async () => {
    const path = join(mkdtempSync(join(tmpdir(), 'csrwatch-retries-')), 'cut.ndjson.gz');
    writeFileSync(path, gzipSync('{"a":1}\n').subarray(0, -4));
    await dropObject(path, stack.s3Source);
    const message = await receive(1);
    expect(message?.Attributes?.ApproximateReceiveCount).toBe('1');
    const event = { Records: [recordOf(message ?? {})] };
    await expect(stack.s3Source.objects.invoke(event)).resolves.toEqual({
      batchItemFailures: [{ itemIdentifier: message?.MessageId }],
    });
    // the visibility timeout of one second is over; the minute of the first delay is not
    await sleep(1_500);
    expect(await receive(1)).toBeUndefined();
    expect(stack.s3Source.objects.log.join('\n')).not.toContain('could not be scheduled');
  });

  test('waits longer at each delivery, and one that succeeded is not touched', async () => {
    const { changes, server } = fakeSqs();
    const detector = await stack.startAnother('objects', { AWS_ENDPOINT_URL_SQS: await running(server) });
    const good = { ...unreadable('good', 1), body: '{"Event":"s3:TestEvent"}' };
    const failing = [1, 2, 6, 14].map((receives) => unreadable(`m${receives}`, receives));
    await expect(detector.invoke({ Records: [good, ...failing] })).resolves.toEqual({
      batchItemFailures: failing.map(({ messageId }) => ({ itemIdentifier: messageId })),
    });
    const delays = changes.map(({ ReceiptHandle, VisibilityTimeout }) => [ReceiptHandle, VisibilityTimeout]);
    expect(Object.fromEntries(delays)).toEqual({
      'handle-m1': 60,
      'handle-m2': 120,
      'handle-m6': 1_800,
      'handle-m14': 1_800,
    });
  });

  test.each([
    ['is down', () => down()],
    ['does not answer', () => running(silent())],
    ['refuses', () => running(answering(() => ({ status: 403, body: '{"__type":"AccessDenied"}' })))],
  ])('is returned for retry, and the fault is logged, if SQS %s', async (_, url) => {
    const detector = await stack.startAnother('objects', { AWS_ENDPOINT_URL_SQS: await url() });
    await expect(detector.invoke({ Records: [unreadable('m', 1)] })).resolves.toEqual({
      batchItemFailures: [{ itemIdentifier: 'm' }],
    });
    await expect
      .poll(() => detector.log.map((line) => JSON.parse(line)))
      .toContainEqual(
        expect.objectContaining({
          level: 'warn',
          message: expect.stringContaining('could not be scheduled'),
          messageId: 'm',
          seconds: 60,
          reason: expect.any(String),
        }),
      );
  });
});
