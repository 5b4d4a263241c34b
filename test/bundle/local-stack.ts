import { PurgeQueueCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import { type LocalStack, startLocalStack } from '../../cli/local/topology.ts';
import { forgetSent } from './dedup-items.ts';

/**
 * A stack on loopback for the tests of a file. At the start of each test, nothing was sent and the queue is empty.
 * @returns the running stack; it runs when the tests do
 */
export function useLocalStack(): () => LocalStack {
  let stack: LocalStack | undefined;
  const running = () => {
    if (!stack) throw new Error('the local stack is there when the tests run');
    return stack;
  };
  beforeAll(async () => {
    stack = await startLocalStack();
  });
  afterAll(() => stack?.stop());
  beforeEach(async () => {
    await forgetSent(running());
    // messages that were returned for retry would be delivered again
    await running().aws.sqs.send(new PurgeQueueCommand({ QueueUrl: running().s3Source.queueUrl }));
  });
  return running;
}
