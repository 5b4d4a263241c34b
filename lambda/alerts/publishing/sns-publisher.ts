import { PublishBatchCommand, SNSClient } from '@aws-sdk/client-sns';
import type { Message } from '../message.ts';
import type { PublishBatch } from './publish-batch.ts';

export function snsPublisher(): PublishBatch {
  const client = new SNSClient({});
  return async (topicArn, entries) => {
    const answer = await client.send(
      new PublishBatchCommand({
        TopicArn: topicArn,
        PublishBatchRequestEntries: entries.map(({ id, message }) => ({ Id: id, ...entryOf(message) })),
      }),
    );
    return (answer.Failed ?? []).map(
      ({ Id = '', Code = 'Failed', Message: reason = '', SenderFault = false }) => ({
        id: Id,
        code: Code,
        reason,
        senderFault: SenderFault,
      }),
    );
  };
}

function entryOf({ body, subject, perProtocol, attributes }: Message) {
  return {
    Message: body,
    ...(subject === undefined ? {} : { Subject: subject }),
    ...(perProtocol ? { MessageStructure: 'json' } : {}),
    ...(attributes === undefined
      ? {}
      : {
          MessageAttributes: Object.fromEntries(
            Object.entries(attributes).map(([name, value]) => [
              name,
              { DataType: 'String', StringValue: value },
            ]),
          ),
        }),
  };
}
