import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { acknowledge } from './acknowledgements.ts';

/** As long as SQS keeps anything. */
export const longestRetention = Duration.days(14);

/**
 * A queue of what failed, encrypted and over TLS alone. It outlives the stack: what is in it nobody has seen yet.
 * @param key - given, where a service writes that SQS's own key is closed to
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
  const reason = 'it is where failures end: an operator takes them out';
  acknowledge(queue, 'AwsSolutions-SQS3', reason);
  acknowledge(queue, 'Serverless-SQSRedrivePolicy', reason);
  return queue;
}
