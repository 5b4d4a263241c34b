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
import { recognizeTrigger } from '../../lambda/triggers/recognize-trigger.ts';

/** A queue of what failed, and how one of its messages goes back on its road. */
export interface DeadLetters {
  /** For people. */
  readonly name: string;
  readonly url: string;
  /** @throws where the message could not be put back: it stays a dead letter. */
  putBack(body: string): Promise<void>;
}

export interface RedriveReport {
  /** About how many messages were there. */
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

/** Lambda's record of a failed invocation holds its payload: the function is invoked with it again. */
export function backToFunction(functionName: string, lambda: LambdaClient): DeadLetters['putBack'] {
  return async (body) => {
    const payload = at(JSON.parse(body), 'requestPayload');
    if (payload === undefined)
      throw new Error('it is no record of a failed invocation: it has no requestPayload');
    await lambda.send(
      new InvokeCommand({
        FunctionName: functionName,
        InvocationType: 'Event',
        Payload: Buffer.from(JSON.stringify(payload)),
      }),
    );
  };
}

/**
 * Failed records of the stream lie in a bucket with the whole event that their function had, and the message tells of the
 * object. Such an event may be larger than an asynchronous invocation takes, so its answer is waited for.
 */
export function backFromBucket(
  functionName: string,
  lambda: LambdaClient,
  s3: S3Client,
): DeadLetters['putBack'] {
  return async (body) => {
    // S3's test message tells of no object
    const told = recognizeTrigger(JSON.parse(body));
    if (!told.ok) throw new Error(`it is no notification of an object: ${told.reason}`);
    for (const delivery of told.deliveries) {
      if (delivery.kind !== 'object') throw new Error('it is no notification of an object');
      const { bucket, key } = delivery.object;
      const { Body: stored } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
      const record: unknown = JSON.parse((await stored?.transformToString()) ?? '');
      // Lambda keeps it as a text
      const payload = stringAt(record, 'payload') ?? JSON.stringify(at(record, 'payload'));
      if (payload === undefined) throw new Error(`s3://${bucket}/${key} is no record of a failed invocation`);
      const answer = await lambda.send(
        new InvokeCommand({ FunctionName: functionName, Payload: Buffer.from(payload) }),
      );
      const result = Buffer.from(answer.Payload ?? []).toString('utf8');
      const failed = at(JSON.parse(result || 'null'), 'batchItemFailures');
      if (answer.FunctionError !== undefined || (Array.isArray(failed) && failed.length > 0)) {
        throw new Error(`s3://${bucket}/${key} failed anew: ${result.slice(0, 500)}`);
      }
    }
  };
}

const receiveLimit = 10;
/** A message is out of sight while it is put back: ten times a function's minute, and it comes back if that is interrupted. */
const visibilitySeconds = 660;

/** Puts messages back until none is left, or as many as were there at the start: one that fails anew isn't met twice. */
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
        failures.push(`${id}: ${error instanceof Error ? error.message : error}`);
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
