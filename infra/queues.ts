import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { type IQueue, Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { acknowledge } from './acknowledgements.ts';
import { namePrefix } from './deployed-name.ts';

/** The longest that SQS allows. */
export const longestRetention = Duration.days(14);

/**
 * A dead-letter queue: encrypted, over TLS only, and kept when the stack is deleted, since its messages are still to be
 * investigated.
 * @param key - needed if a service writes to the queue that cannot use SQS's own key
 */
export function deadLetterQueue(scope: Construct, id: string, key?: IKey): Queue {
  const queue = new Queue(scope, id, {
    ...(key === undefined
      ? { encryption: QueueEncryption.SQS_MANAGED }
      : { encryption: QueueEncryption.KMS, encryptionMasterKey: key, dataKeyReuse: Duration.days(1) }),
    enforceSSL: true,
    retentionPeriod: longestRetention,
    removalPolicy: RemovalPolicy.RETAIN,
  });
  const reason = 'it is itself a dead-letter queue: an operator reads it';
  acknowledge(queue, 'AwsSolutions-SQS3', reason);
  acknowledge(queue, 'Serverless-SQSRedrivePolicy', reason);
  return queue;
}

/*
 * A queue policy holds 20 statements and 8,192 bytes, and CDK adds one statement per rule, topic or bucket. The functions
 * below add one statement with a pattern. Those that return a queue return it as an imported one, to which CDK adds none.
 */

/** Lets the EventBridge rules of the stack send to the queue. */
export function openToRules(queue: Queue): IQueue {
  const { partition, region, account } = Stack.of(queue);
  const rules = `arn:${partition}:events:${region}:${account}:rule/${namePrefix(queue)}*`;
  allowSending(queue, 'events', { ArnLike: { 'aws:SourceArn': rules } });
  return Queue.fromQueueArn(queue, 'ForRules', queue.queueArn);
}

/**
 * Lets the topics of this account and region send to the queue.
 * @param given - topics that may belong to another account
 */
export function openToTopics(queue: Queue, given: readonly ITopic[]): IQueue {
  const { partition, region, account } = Stack.of(queue);
  const topics = [`arn:${partition}:sns:${region}:${account}:*`, ...given.map(({ topicArn }) => topicArn)];
  allowSending(queue, 'sns', { ArnLike: { 'aws:SourceArn': topics } });
  return Queue.fromQueueArn(queue, 'ForTopics', queue.queueArn);
}

/** Lets the buckets of this account send their notifications to the queue. */
export function openToBuckets(queue: Queue): void {
  const { partition, account } = Stack.of(queue);
  allowSending(queue, 's3', {
    ArnLike: { 'aws:SourceArn': `arn:${partition}:s3:::*` },
    StringEquals: { 'aws:SourceAccount': account },
  });
}

function allowSending(
  queue: Queue,
  service: string,
  conditions: Record<string, Record<string, unknown>>,
): void {
  queue.addToResourcePolicy(
    new PolicyStatement({
      principals: [new ServicePrincipal(`${service}.amazonaws.com`)],
      actions: ['sqs:SendMessage'],
      resources: [queue.queueArn],
      conditions,
    }),
  );
}
