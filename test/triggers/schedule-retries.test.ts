import { expect, test } from 'vitest';
import { queueMessagesIn } from '../../lambda/triggers/queue-message.ts';
import { scheduleRetries } from '../../lambda/triggers/schedule-retries.ts';

const queueArn = 'arn:aws:sqs:eu-central-1:000000000000:q';
const record = (messageId: string, receives?: string) => ({
  ...{ messageId, eventSource: 'aws:sqs', eventSourceARN: queueArn, receiptHandle: `handle-${messageId}` },
  ...(receives === undefined ? {} : { attributes: { ApproximateReceiveCount: receives } }),
});

test('the failed messages of an event are found with their receive counts', () => {
  const event = {
    Records: [
      record('a', '3'),
      record('b', '1'),
      record('c'),
      record('d', 'many'),
      { ...record('e', '1'), receiptHandle: undefined },
      { ...record('f', '1'), eventSource: 'aws:kinesis' },
    ],
  };
  const ids = new Set(['a', 'c', 'd', 'e', 'f']);
  expect(queueMessagesIn(event, ids)).toEqual([
    { messageId: 'a', queueArn, receiptHandle: 'handle-a', receives: 3 },
    { messageId: 'c', queueArn, receiptHandle: 'handle-c', receives: 1 },
    { messageId: 'd', queueArn, receiptHandle: 'handle-d', receives: 1 },
  ]);
  for (const other of [null, 'text', {}, { Records: {} }]) expect(queueMessagesIn(other, ids)).toEqual([]);
});

test('one message that cannot be scheduled is logged and does not affect its neighbors', async () => {
  const messages = queueMessagesIn(
    { Records: [record('a', '1'), record('b', '2'), record('c', '3')] },
    new Set(['a', 'b', 'c']),
  );
  const changed: [string, number][] = [];
  const logged: object[] = [];
  await scheduleRetries(
    messages,
    async () => async (message, seconds) => {
      if (message.messageId === 'b') throw new Error('AccessDenied');
      if (message.messageId === 'c') await new Promise(() => {});
      changed.push([message.messageId, seconds]);
    },
    { withinMs: 50, log: (level, _, details) => logged.push({ level, ...details }) },
  );
  expect(changed).toEqual([['a', 60]]);
  expect(logged).toEqual([
    { level: 'warn', messageId: 'b', seconds: 120, reason: 'Error: AccessDenied' },
    { level: 'warn', messageId: 'c', seconds: 240, reason: expect.stringMatching(/^TimeoutError/) },
  ]);
});
