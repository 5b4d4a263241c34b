import { DeleteMessageCommand, ReceiveMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';

/** The envelope in which SNS sends a message to a queue. */
export interface Received {
  readonly Message: string;
  readonly Subject?: string;
  readonly MessageAttributes?: Readonly<Record<string, { readonly Value: string }>>;
}

/** Receives and deletes every message of a subscribed queue. */
export async function receiveAll(sqs: SQSClient, queueUrl: string): Promise<Received[]> {
  const all: Received[] = [];
  for (;;) {
    const { Messages: messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl: queueUrl, MaxNumberOfMessages: 10 }),
    );
    if (messages.length === 0) return all;
    for (const { Body: body = '', ReceiptHandle: handle } of messages) {
      all.push(JSON.parse(body) as Received);
      await sqs.send(new DeleteMessageCommand({ QueueUrl: queueUrl, ReceiptHandle: handle }));
    }
  }
}
