import type { SNSClient } from '@aws-sdk/client-sns';
import type { Message } from './message.ts';
import type { PublishBatch } from './publish.ts';

/** The SDK is loaded when the first finding needs it: most invocations find nothing. */
export function snsPublisher(): PublishBatch {
  let loaded: Promise<{ sdk: typeof import('@aws-sdk/client-sns'); client: SNSClient }> | undefined;
  return async (topicArn, entries) => {
    loaded ??= import('@aws-sdk/client-sns').then((sdk) => ({ sdk, client: new sdk.SNSClient({}) }));
    const { sdk, client } = await loaded;
    const answer = await client.send(
      new sdk.PublishBatchCommand({
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
