import { at, stringAt } from '../json/read-json.ts';

/** A message in flight, as the API of SQS needs it. */
export interface QueueMessage {
  readonly messageId: string;
  readonly queueArn: string;
  readonly receiptHandle: string;
  /** How often it was received, this time included. */
  readonly receives: number;
}

/** The messages of Lambda's event from SQS that have one of these ids, without those that lack a receipt handle. */
export function queueMessagesIn(event: unknown, messageIds: ReadonlySet<string>): QueueMessage[] {
  const records = at(event, 'Records');
  if (!Array.isArray(records)) return [];
  return records.flatMap((record) => {
    const messageId = stringAt(record, 'messageId');
    const queueArn = stringAt(record, 'eventSourceARN');
    const receiptHandle = stringAt(record, 'receiptHandle');
    if (stringAt(record, 'eventSource') !== 'aws:sqs') return [];
    if (messageId === undefined || queueArn === undefined || receiptHandle === undefined) return [];
    if (!messageIds.has(messageId)) return [];
    const receives = Number(stringAt(record, 'attributes', 'ApproximateReceiveCount')) || 1;
    return [{ messageId, queueArn, receiptHandle, receives }];
  });
}
