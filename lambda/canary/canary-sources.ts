import { randomUUID } from 'node:crypto';
import {
  CloudWatchLogsClient,
  CreateLogStreamCommand,
  PutLogEventsCommand,
  ResourceAlreadyExistsException,
} from '@aws-sdk/client-cloudwatch-logs';
import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { DeleteMessageCommand, ReceiveMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { canaryKey, canaryName } from './canary-event.ts';
import type { CanarySource, ReceiveAlerts } from './run-canary.ts';

/** The event is written as EKS writes them, into a log stream of its own. */
export function logGroupSource(logGroupName: string, logs = new CloudWatchLogsClient({})): CanarySource {
  return {
    name: `log group ${logGroupName}`,
    async send(event) {
      const stream = { logGroupName, logStreamName: canaryName };
      await logs.send(new CreateLogStreamCommand(stream)).catch((error: unknown) => {
        if (!(error instanceof ResourceAlreadyExistsException)) throw error;
      });
      const { rejectedLogEventsInfo: rejected } = await logs.send(
        new PutLogEventsCommand({ ...stream, logEvents: [{ timestamp: Date.now(), message: event }] }),
      );
      if (rejected) throw new Error(`CloudWatch Logs rejected it: ${JSON.stringify(rejected)}`);
    },
  };
}

/**
 * S3 then notifies the queue, as for every object.
 * @param place - `bucket/prefix`; the prefix may be empty
 */
export function bucketSource(place: string, s3: S3Client): CanarySource {
  const [bucket = ''] = place.split('/', 1);
  const prefix = place.slice(bucket.length + 1);
  return {
    name: `s3://${bucket}/${prefix}`,
    async send(event) {
      const key = canaryKey(prefix, randomUUID());
      await s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: `${event}\n` }));
    },
  };
}

const receiveLimit = 10;
const longPollSeconds = 10;

/** Receives from the queue that is subscribed to the findings topic with raw delivery. */
export function queueInbox(queueUrl: string, sqs: SQSClient): ReceiveAlerts {
  return async (isWanted) => {
    const { Messages: messages = [] } = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: queueUrl,
        MaxNumberOfMessages: receiveLimit,
        WaitTimeSeconds: longPollSeconds,
      }),
    );
    const wanted = messages.filter(({ Body: body = '' }) => isWanted(body));
    for (const { ReceiptHandle: handle } of wanted) {
      await sqs.send(new DeleteMessageCommand({ QueueUrl: queueUrl, ReceiptHandle: handle }));
    }
    return wanted.map(({ Body: body = '' }) => body);
  };
}
