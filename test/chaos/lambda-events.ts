import type { Answer } from './function-thread.ts';
import type { Delivery } from './history.ts';
import type { PlannedInput } from './scenario.ts';

export const eTagOf = ({ id }: PlannedInput) => `etag-${id}`;
const messageIdOf = (index: number) => `message-${index}`;

/** What AWS invokes the function with. */
export function eventOf(due: readonly Delivery[]): unknown {
  const [first] = due;
  switch (first?.input.kind) {
    case 'log':
      return { awslogs: { data: first.input.bytes.toString('base64') } };
    case 'object':
      return { Records: due.map((delivery, index) => queueMessage(delivery, index)) };
    case 'stream':
    case undefined:
      return {
        Records: due.map(({ input }, index) => ({
          eventSource: 'aws:kinesis',
          eventSourceARN: 'arn:aws:kinesis:eu-central-1:000000000000:stream/logs',
          kinesis: { sequenceNumber: messageIdOf(index), data: input.bytes.toString('base64') },
        })),
      };
  }
}

function queueMessage({ input, attempts }: Delivery, index: number): unknown {
  const notification = {
    eventSource: 'aws:s3',
    eventName: 'ObjectCreated:Put',
    awsRegion: 'eu-central-1',
    s3: { bucket: { name: 'audit-logs' }, object: { key: input.id, eTag: eTagOf(input) } },
  };
  return {
    messageId: messageIdOf(index),
    receiptHandle: `handle-${index}`,
    body: JSON.stringify({ Records: [notification] }),
    attributes: { ApproximateReceiveCount: String(attempts) },
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:aws:sqs:eu-central-1:000000000000:objects',
  };
}

/** What AWS delivers again after such an answer; `undefined` if the function did not live to answer. */
export function failedOf(due: readonly Delivery[], answer: Answer | undefined): readonly Delivery[] {
  if (answer === undefined || !answer.ok) return due;
  if (due[0]?.input.kind === 'log') return [];
  const { batchItemFailures = [] }: { batchItemFailures?: { itemIdentifier: string }[] } =
    answer.result ?? {};
  const returned = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
  return due.filter((_, index) => returned.has(messageIdOf(index)));
}

/** What the schedule of summaries invokes the function with. */
export function summaryEvent(timeMs: number): unknown {
  const time = new Date(timeMs).toISOString();
  return { source: 'aws.events', 'detail-type': 'Scheduled Event', time, detail: {} };
}
