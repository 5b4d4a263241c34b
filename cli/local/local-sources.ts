import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { Readable } from 'node:stream';
import { createGunzip, createZstdDecompress, gzipSync } from 'node:zlib';
import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import {
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { fileErrorReason } from '../../lambda/file-error.ts';
import { messageOf } from '../../lambda/message-of.ts';
import type { LocalFunction } from './local-function.ts';

/** CloudWatch Logs puts a few hundred kilobytes into a delivery; smaller deliveries show the traffic better. */
const eventsPerDelivery = 200;
const sqsReceiveLimit = 10;

export interface LogsSource {
  readonly logs: LocalFunction;
  readonly account: string;
  readonly logGroup: string;
}

/** A log event as CloudWatch Logs numbers and times it. */
function logEvent(message: string, index: number) {
  return { id: String(index).padStart(56, '0'), timestamp: Date.now(), message };
}

/**
 * Sends a log as a CloudWatch Logs subscription would: gzipped envelopes of log events.
 * @returns the number of deliveries, and what failed: the function's errors, and a file that cannot be read to its end
 */
export async function sendThroughLogs(path: string, source: LogsSource): Promise<SourceReport> {
  const report: SourceReport = { deliveries: 0, failures: [] };
  let batch: string[] = [];
  let sent = 0;
  const flush = async () => {
    if (batch.length === 0) return;
    const envelope = {
      messageType: 'DATA_MESSAGE',
      owner: source.account,
      logGroup: source.logGroup,
      logStream: 'kube-apiserver-audit-0123456789abcdef0123456789abcdef',
      subscriptionFilters: ['csrwatch'],
      logEvents: batch.map((line, index) => logEvent(line, sent + index)),
    };
    sent += batch.length;
    batch = [];
    report.deliveries += 1;
    const data = gzipSync(JSON.stringify(envelope)).toString('base64');
    try {
      await source.logs.invoke({ awslogs: { data } });
    } catch (error) {
      report.failures.push(messageOf(error));
    }
  };
  try {
    for await (const line of lines(await unpacked(path))) {
      if (line === '') continue;
      batch.push(line);
      if (batch.length === eventsPerDelivery) await flush();
    }
  } catch (error) {
    report.failures.push(`it cannot be read to its end: ${fileErrorReason(error)}`);
  }
  await flush();
  return report;
}

export interface SourceReport {
  deliveries: number;
  readonly failures: string[];
}

/** Only LF ends a line: node:readline would also split an event at a raw U+2028. */
async function* lines(stream: Readable): AsyncGenerator<string> {
  let rest = '';
  for await (const text of stream.setEncoding('utf8')) {
    const parts = (rest + text).split('\n');
    rest = parts.pop() ?? '';
    yield* parts;
  }
  yield rest;
}

async function unpacked(path: string): Promise<Readable> {
  const bytes = await readFile(path);
  const magic = bytes.subarray(0, 4).toString('hex');
  if (magic.startsWith('1f8b')) return Readable.from([bytes]).pipe(createGunzip());
  if (magic === '28b52ffd') return Readable.from([bytes]).pipe(createZstdDecompress());
  return Readable.from([bytes]);
}

export interface S3Source {
  readonly objects: LocalFunction;
  readonly s3: S3Client;
  readonly sqs: SQSClient;
  readonly region: string;
  readonly bucket: string;
  readonly queueUrl: string;
  readonly queueArn: string;
}

/** Puts a file into the bucket and a notification into the queue, as S3 would. */
export async function dropObject(path: string, source: S3Source): Promise<void> {
  const body = await readFile(path);
  const key = `audit/${basename(path)}`;
  await source.s3.send(new PutObjectCommand({ Bucket: source.bucket, Key: key, Body: body }));
  const record = {
    eventVersion: '2.1',
    eventSource: 'aws:s3',
    awsRegion: source.region,
    eventTime: new Date().toISOString(),
    eventName: 'ObjectCreated:Put',
    s3: {
      s3SchemaVersion: '1.0',
      bucket: { name: source.bucket, arn: `arn:aws:s3:::${source.bucket}` },
      // in notifications a key is form-encoded
      object: { key: encodeURIComponent(key).replaceAll('%20', '+'), size: body.length },
    },
  };
  await source.sqs.send(
    new SendMessageCommand({ QueueUrl: source.queueUrl, MessageBody: JSON.stringify({ Records: [record] }) }),
  );
}

/** Reads the queue as Lambda's event source mapping does, until it is empty. */
export async function drainQueue(source: S3Source): Promise<SourceReport> {
  const report: SourceReport = { deliveries: 0, failures: [] };
  for (;;) {
    const { Messages: messages = [] } = await source.sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: source.queueUrl,
        MaxNumberOfMessages: sqsReceiveLimit,
        MessageSystemAttributeNames: ['ApproximateReceiveCount'],
      }),
    );
    if (messages.length === 0) return report;
    const event = {
      Records: messages.map((message) => ({
        messageId: message.MessageId,
        receiptHandle: message.ReceiptHandle,
        body: message.Body,
        attributes: message.Attributes,
        eventSource: 'aws:sqs',
        eventSourceARN: source.queueArn,
        awsRegion: source.region,
      })),
    };
    report.deliveries += 1;
    const failed = failedItems(await source.objects.invoke(event));
    for (const message of messages) {
      if (message.MessageId !== undefined && failed.has(message.MessageId)) {
        report.failures.push(`message ${message.MessageId} was returned for retry`);
        continue;
      }
      await source.sqs.send(
        new DeleteMessageCommand({ QueueUrl: source.queueUrl, ReceiptHandle: message.ReceiptHandle }),
      );
    }
  }
}

function failedItems(response: unknown): Set<string> {
  const { batchItemFailures = [] } = (response ?? {}) as {
    batchItemFailures?: { itemIdentifier: string }[];
  };
  return new Set(batchItemFailures.map((failure) => failure.itemIdentifier));
}
