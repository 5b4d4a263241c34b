import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import { GetObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import {
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { at, stringAt } from '../../lambda/json/read-json.ts';
import { messageOf } from '../../lambda/message-of.ts';
import { recognizeTrigger } from '../../lambda/triggers/recognize-trigger.ts';

/** A dead-letter queue, and how one of its messages is retried. */
export interface DeadLetters {
  /** For people. */
  readonly name: string;
  readonly url: string;
  /** @throws if the message could not be put back: it stays a dead letter. */
  putBack(body: string): Promise<void>;
}

export interface RedriveReport {
  /** The approximate number of messages at the start. */
  readonly waiting: number;
  readonly putBack: number;
  readonly failures: readonly string[];
}

/** A notification goes into the queue that the function reads. */
export function backToQueue(queueUrl: string, sqs: SQSClient): DeadLetters['putBack'] {
  return async (body) => {
    await sqs.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: body }));
  };
}

/**
 * Lambda stores each input that failed every attempt as an object, and the message is S3's event about that object. The
 * function is invoked with the input again and its answer awaited: a stream's input may be larger than an asynchronous
 * invocation takes.
 */
export function backFromBucket(
  functionName: string,
  lambda: LambdaClient,
  s3: S3Client,
): DeadLetters['putBack'] {
  return async (body) => {
    const trigger = recognizeTrigger(JSON.parse(body));
    if (!trigger.ok) throw new Error(`not an S3 event: ${trigger.reason}`);
    for (const delivery of trigger.deliveries) {
      if (delivery.kind !== 'object') throw new Error('not an S3 event');
      const { bucket, key } = delivery.object;
      const { Body: stored } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
      const payload = payloadOf(JSON.parse((await stored?.transformToString()) ?? ''));
      if (payload === undefined)
        throw new Error(`s3://${bucket}/${key} is not a record of a failed invocation`);
      const answer = await lambda.send(
        new InvokeCommand({ FunctionName: functionName, Payload: Buffer.from(payload) }),
      );
      const result = Buffer.from(answer.Payload ?? []).toString('utf8');
      const failed = at(JSON.parse(result || 'null'), 'batchItemFailures');
      if (answer.FunctionError !== undefined || (Array.isArray(failed) && failed.length > 0)) {
        throw new Error(`s3://${bucket}/${key} failed again: ${result.slice(0, 500)}`);
      }
    }
  };
}

/**
 * The input in Lambda's record, as JSON: `requestPayload` of an asynchronous invocation, and `payload` of a stream, which
 * is a string.
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
 */
function payloadOf(record: unknown): string | undefined {
  return stringAt(record, 'payload') ?? JSON.stringify(at(record, 'requestPayload') ?? at(record, 'payload'));
}

const receiveLimit = 10;
/**
 * A message is invisible while it is retried: ten times the function's timeout. If the retry is interrupted, it becomes
 * visible again.
 */
const visibilitySeconds = 660;

/** Retries messages until none is left, but not more than there were at the start: a message that fails again is not retried twice. */
export async function redrive(
  { url, putBack }: DeadLetters,
  sqs: SQSClient,
  { dryRun }: { readonly dryRun: boolean },
): Promise<RedriveReport> {
  const waiting = await countOf(url, sqs);
  const failures: string[] = [];
  let done = 0;
  while (!dryRun && done + failures.length < waiting) {
    const { Messages: messages = [] } = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: url,
        MaxNumberOfMessages: receiveLimit,
        VisibilityTimeout: visibilitySeconds,
        WaitTimeSeconds: 1,
      }),
    );
    if (messages.length === 0) break;
    for (const { Body: body = '', ReceiptHandle: handle, MessageId: id } of messages) {
      try {
        await putBack(body);
        await sqs.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: handle }));
        done += 1;
      } catch (error) {
        failures.push(`${id}: ${messageOf(error)}`);
      }
    }
  }
  return { waiting, putBack: done, failures };
}

async function countOf(url: string, sqs: SQSClient): Promise<number> {
  const { Attributes: attributes = {} } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['ApproximateNumberOfMessages'] }),
  );
  return Number(attributes['ApproximateNumberOfMessages'] ?? 0);
}
