import { Duration } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Bucket, EventType, type IBucket } from 'aws-cdk-lib/aws-s3';
import { SqsDestination as QueueNotification } from 'aws-cdk-lib/aws-s3-notifications';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { maxReceives } from '../lambda/triggers/retry-delay.ts';
import { acknowledge, acknowledgeNotificationsHandler, grantByWildcard } from './acknowledgements.ts';
import {
  type ClusterNames,
  DetectorFunction,
  type DetectorSettings,
  visibilityFor,
} from './detector-function.ts';
import { evidenceBucket } from './evidence-bucket.ts';
import { deadLetterQueue, longestRetention } from './queues.ts';
import { onlyRoles } from './role-only.ts';

export interface WatchedBucket {
  /** @default - a bucket is made, and kept when the stack goes */
  readonly bucket?: IBucket | undefined;
  /** @default - what the key pattern or the events say */
  readonly cluster?: string | undefined;
  /** Such as `{cluster}/{yyyy}/`. @default - keys say nothing of the cluster */
  readonly keyPattern?: string | undefined;
  /** Keys begin so. @default - every object is read */
  readonly prefix?: string | undefined;
  /**
   * Who tells of a new object: S3 itself, beside the notifications that are there; or EventBridge, which the bucket sends to
   * already. @default 's3'
   */
  readonly notifications?: 's3' | 'eventbridge' | undefined;
  /** Of a bucket that is made. @default - objects are kept */
  readonly expireAfterDays?: number | undefined;
}

export interface S3SourceProps extends DetectorSettings {
  readonly buckets: readonly WatchedBucket[];
  /** How many objects are read at once. @default - as many as the account's concurrency allows */
  readonly maxConcurrency?: number | undefined;
}

/** A bucket, and how the keys begin that are read; `''` is every key. */
export interface ObjectPlace {
  readonly bucket: IBucket | Bucket;
  readonly prefix: string;
}

type Watched = Omit<WatchedBucket, 'bucket'> & { readonly bucket: IBucket | Bucket };

const timeout = Duration.minutes(5);

/** Data events of CloudTrail, which raise no tamper alert. `npm run redrive` only sends to the queue. */
const takingMessages = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:ChangeMessageVisibility'];

/** Buckets ─ ObjectCreated ─▶ queue ─▶ detector; a message that keeps failing ends in the dead-letter queue. */
export class S3Source extends Construct {
  readonly detector: DetectorFunction;
  readonly queue: Queue;
  /** The UUID of what reads the queue for the function. */
  readonly eventSourceMapping: string;
  readonly deadLetterQueue: Queue;
  /** The watched ones, made or given. */
  readonly buckets: readonly (IBucket | Bucket)[];
  /** Where in them an object is read. */
  readonly places: readonly ObjectPlace[];

  constructor(scope: Construct, id: string, { buckets, maxConcurrency, ...settings }: S3SourceProps) {
    super(scope, id);
    this.deadLetterQueue = deadLetterQueue(this, 'DeadLetterQueue');
    this.queue = new Queue(this, 'Queue', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: longestRetention,
      visibilityTimeout: visibilityFor(timeout),
      deadLetterQueue: { queue: this.deadLetterQueue, maxReceiveCount: maxReceives },
    });
    const watched = buckets.map((item, index): Watched => ({ ...item, bucket: this.bucketOf(item, index) }));
    this.buckets = watched.map(({ bucket }) => bucket);
    this.places = watched.map(({ bucket, prefix = '' }) => ({ bucket, prefix }));
    this.detector = new DetectorFunction(this, 'Detector', {
      ...settings,
      timeout,
      description: 'csrwatch: evaluates audit events of objects against the detection rules',
      clusters: namesOf(watched),
    });
    const eventSource = new SqsEventSource(this.queue, {
      batchSize: 5,
      reportBatchItemFailures: true,
      ...(maxConcurrency === undefined ? {} : { maxConcurrency }),
    });
    this.detector.function.addEventSource(eventSource);
    this.eventSourceMapping = eventSource.eventSourceMappingId;
    this.queue.addToResourcePolicy(
      onlyRoles('OnlyDetectorReceives', [this.detector.role.roleArn], takingMessages, this.queue.queueArn),
    );
    acknowledge(
      this.detector.function,
      'Serverless-LambdaEventSourceMappingDestination',
      'a failed message goes back to the queue, and to its dead-letter queue after the last try',
    );
    for (const [index, item] of watched.entries()) {
      this.tell(item, index);
      this.grantRead(item);
    }
    acknowledgeNotificationsHandler(this);
  }

  private bucketOf({ bucket, expireAfterDays }: WatchedBucket, index: number): IBucket | Bucket {
    return (
      bucket ?? evidenceBucket(this, index === 0 ? 'AuditLogs' : `AuditLogs${index + 1}`, expireAfterDays)
    );
  }

  private tell({ bucket, prefix, notifications = 's3' }: Watched, index: number): void {
    switch (notifications) {
      case 's3':
        // CDK's custom resource keeps the notifications that an imported bucket has
        bucket.addEventNotification(
          EventType.OBJECT_CREATED,
          new QueueNotification(this.queue),
          ...(prefix === undefined ? [] : [{ prefix }]),
        );
        return;
      case 'eventbridge':
        if (bucket instanceof Bucket) bucket.enableEventBridgeNotification();
        new Rule(this, `Created${index + 1}`, {
          description: 'csrwatch: an audit log was dropped',
          eventPattern: {
            source: ['aws.s3'],
            detailType: ['Object Created'],
            detail: {
              bucket: { name: [bucket.bucketName] },
              ...(prefix === undefined ? {} : { object: { key: [{ prefix }] } }),
            },
          },
          targets: [new SqsQueue(this.queue, { deadLetterQueue: this.deadLetterQueue })],
        });
    }
  }

  private grantRead({ bucket, prefix = '' }: Watched): void {
    grantByWildcard(
      this.detector.role,
      ['s3:GetObject', 's3:GetObjectVersion'],
      bucket.arnForObjects(`${prefix}*`),
      'every object that is dropped into a watched bucket, or under its prefix, is read, whatever its key',
    );
    if (!bucket.encryptionKey) return;
    this.detector.role.addToPolicy(
      new PolicyStatement({ actions: ['kms:Decrypt'], resources: [bucket.encryptionKey.keyArn] }),
    );
  }
}

function namesOf(watched: readonly Watched[]): ClusterNames {
  return {
    buckets: Object.fromEntries(
      watched.flatMap(({ bucket, cluster }) => (cluster ? [[bucket.bucketName, cluster]] : [])),
    ),
    keyPatterns: Object.fromEntries(
      watched.flatMap(({ bucket, keyPattern }) => (keyPattern ? [[bucket.bucketName, keyPattern]] : [])),
    ),
  };
}
