import { ChangeMessageVisibilityCommand, GetQueueUrlCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { QueueMessage } from './queue-message.ts';

/** Makes a message visible again after so many seconds. Rejects with what SQS answered, or when the signal aborts. */
export type ChangeVisibility = (message: QueueMessage, seconds: number, abort: AbortSignal) => Promise<void>;

/** The queue's URL is requested from SQS: the ARN does not give its domain, which depends on the partition. */
export function sqsVisibility(): ChangeVisibility {
  const sqs = new SQSClient({ maxAttempts: 2 });
  const urls = new Map<string, string>();
  const urlOf = async (queueArn: string, abortSignal: AbortSignal) => {
    const known = urls.get(queueArn);
    if (known !== undefined) return known;
    const [, , , , QueueOwnerAWSAccountId, QueueName] = queueArn.split(':');
    const { QueueUrl: url = '' } = await sqs.send(
      new GetQueueUrlCommand({ QueueName, QueueOwnerAWSAccountId }),
      { abortSignal },
    );
    urls.set(queueArn, url);
    return url;
  };
  return async ({ queueArn, receiptHandle: ReceiptHandle }, VisibilityTimeout, abortSignal) => {
    const QueueUrl = await urlOf(queueArn, abortSignal);
    await sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout }), {
      abortSignal,
    });
  };
}
