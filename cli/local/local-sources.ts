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
import type { LocalFunction } from './local-function.ts';

/** CloudWatch Logs packs some hundred kilobytes into a delivery; small ones show the traffic better. */
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
 * @returns the number of deliveries, and what failed: of those, with the function's words, or of reading the file
 */
export async function sendThroughLogs(path: string, road: LogsSource): Promise<SourceReport> {
  const report: SourceReport = { deliveries: 0, failures: [] };
  let batch: string[] = [];
  let sent = 0;
  const flush = async () => {
    if (batch.length === 0) return;
    const envelope = {
      messageType: 'DATA_MESSAGE',
      owner: road.account,
      logGroup: road.logGroup,
      logStream: 'kube-apiserver-audit-0123456789abcdef0123456789abcdef',
      subscriptionFilters: ['csrwatch'],
      logEvents: batch.map((line, index) => logEvent(line, sent + index)),
    };
    sent += batch.length;
    batch = [];
    report.deliveries += 1;
    const data = gzipSync(JSON.stringify(envelope)).toString('base64');
    try {
      await road.logs.invoke({ awslogs: { data } });
    } catch (error) {
      report.failures.push(error instanceof Error ? error.message : String(error));
    }
  };
  try {
    for await (const line of lines(await unpacked(path))) {
      if (line === '') continue;
      batch.push(line);
      if (batch.length === eventsPerDelivery) await flush();
    }
  } catch (error) {
    report.failures.push(`it can't be read to its end: ${fileErrorReason(error)}`);
  }
  await flush();
  return report;
}

export interface SourceReport {
  deliveries: number;
  readonly failures: string[];
}

/** Only LF ends a line: node:readline would also break an event at a raw U+2028. */
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

/** Drops a file into the bucket and tells the queue, as S3 would. */
export async function dropObject(path: string, road: S3Source): Promise<void> {
  const body = await readFile(path);
  const key = `audit/${basename(path)}`;
  await road.s3.send(new PutObjectCommand({ Bucket: road.bucket, Key: key, Body: body }));
  const record = {
    eventVersion: '2.1',
    eventSource: 'aws:s3',
    awsRegion: road.region,
    eventTime: new Date().toISOString(),
    eventName: 'ObjectCreated:Put',
    s3: {
      s3SchemaVersion: '1.0',
      bucket: { name: road.bucket, arn: `arn:aws:s3:::${road.bucket}` },
      // in notifications a key is form-encoded
      object: { key: encodeURIComponent(key).replaceAll('%20', '+'), size: body.length },
    },
  };
  await road.sqs.send(
    new SendMessageCommand({ QueueUrl: road.queueUrl, MessageBody: JSON.stringify({ Records: [record] }) }),
  );
}

/** Does what Lambda's event source mapping does, until the queue is empty. */
export async function drainQueue(road: S3Source): Promise<SourceReport> {
  const report: SourceReport = { deliveries: 0, failures: [] };
  for (;;) {
    const { Messages: messages = [] } = await road.sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: road.queueUrl,
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
        eventSourceARN: road.queueArn,
        awsRegion: road.region,
      })),
    };
    report.deliveries += 1;
    const failed = failedItems(await road.objects.invoke(event));
    for (const message of messages) {
      if (message.MessageId !== undefined && failed.has(message.MessageId)) {
        report.failures.push(`message ${message.MessageId} was handed back`);
        continue;
      }
      await road.sqs.send(
        new DeleteMessageCommand({ QueueUrl: road.queueUrl, ReceiptHandle: message.ReceiptHandle }),
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
