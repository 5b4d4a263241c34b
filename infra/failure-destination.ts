import { Rule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';
import { type Bucket, CfnBucket } from 'aws-cdk-lib/aws-s3';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { acknowledge, grantByWildcard } from './acknowledgements.ts';
import { evidenceBucket } from './evidence-bucket.ts';
import { deadLetterQueue, openToRules } from './queues.ts';

/**
 * Where Lambda stores the inputs of a function that failed every attempt. An asynchronous invocation has a payload of up
 * to 1 MB, too long for a queue with the record around it; for a stream, a queue would get only sequence numbers. So the
 * record is stored in a bucket, and a message about it is sent to a queue that an alarm watches and `redrive` reads.
 *
 * The message comes by EventBridge, since S3's own notification begins with a test message, which would raise the alarm
 * at each first deployment.
 */
export class FailureDestination extends Construct {
  readonly bucket: Bucket;
  /** One message per stored record. */
  readonly deadLetterQueue: Queue;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.bucket = evidenceBucket(this, 'Bucket');
    this.deadLetterQueue = deadLetterQueue(this, 'DeadLetterQueue');
    sendEventsToEventBridge(this.bucket);
    const rule = new Rule(this, 'Stored', {
      description: 'csrwatch: Lambda stored an input that failed every attempt',
      eventPattern: {
        source: ['aws.s3'],
        detailType: ['Object Created'],
        detail: { bucket: { name: [this.bucket.bucketName] } },
      },
      targets: [new SqsQueue(openToRules(this.deadLetterQueue))],
    });
    acknowledge(
      rule,
      'Serverless-EventBusDLQ',
      'its target is a dead-letter queue, and the record itself stays in the bucket',
    );
  }

  /** For an asynchronous invocation and for an event source. CDK's own would also let the function read and delete. */
  bind(): { readonly destination: string } {
    return { destination: this.bucket.bucketArn };
  }

  /** Lambda writes with the role of the function. */
  grantWrite(role: Role): void {
    role.addToPolicy(new PolicyStatement({ actions: ['s3:ListBucket'], resources: [this.bucket.bucketArn] }));
    grantByWildcard(
      role,
      ['s3:PutObject'],
      this.bucket.arnForObjects('aws/lambda/*'),
      'Lambda chooses the keys of the records that it stores, below this prefix',
    );
  }
}

/** Does not use CDK's notifications function, which a bucket of the stack does not need for this. */
function sendEventsToEventBridge({ node: { defaultChild: bucket } }: Bucket): void {
  if (bucket instanceof CfnBucket)
    bucket.notificationConfiguration = { eventBridgeConfiguration: { eventBridgeEnabled: true } };
}
