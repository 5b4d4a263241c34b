import { Duration } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Bucket, EventType, type IBucket } from 'aws-cdk-lib/aws-s3';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { maxReceives } from '../lambda/triggers/retry-delay.ts';
import { acknowledge, grantByWildcard } from './acknowledgements.ts';
import { acknowledgeNotificationsHandler, queueDestination } from './bucket-notifications.ts';
import {
  type ClusterNames,
  DetectorFunction,
  type DetectorSettings,
  visibilityFor,
} from './detector-function.ts';
import { evidenceBucket } from './evidence-bucket.ts';
import { deadLetterQueue, longestRetention, openToBuckets, openToRules } from './queues.ts';
import { onlyRoles } from './role-only.ts';

/** A bucket that receives audit logs. */
export interface WatchedBucket {
  /** An existing bucket. @default - one is created, and kept when the stack is deleted */
  readonly bucket?: IBucket | undefined;
  /** The cluster's name. @default - it is read from the key (`keyPattern`) or from the events */
  readonly cluster?: string | undefined;
  /** Where keys contain the cluster, such as `{cluster}/{yyyy}/`. @default - none */
  readonly keyPattern?: string | undefined;
  /** Read only objects whose keys begin with it. @default - every object */
  readonly prefix?: string | undefined;
  /**
   * Who announces a new object: S3, in addition to the notifications that the bucket has, or EventBridge, which must be on
   * for the bucket. @default 's3'
   */
  readonly notifications?: 's3' | 'eventbridge' | undefined;
  /** For a created bucket: objects are deleted after so many days. @default - they are kept */
  readonly expireAfterDays?: number | undefined;
}

export interface S3SourceProps extends DetectorSettings {
  readonly buckets: readonly WatchedBucket[];
  /** How many objects are read at once. */
  readonly maxConcurrency: number;
}

/** A bucket, and the prefix of the keys that are read; `''` is every key. */
export interface ObjectPlace {
  readonly bucket: IBucket | Bucket;
  readonly prefix: string;
}

type Watched = Omit<WatchedBucket, 'bucket'> & {
  readonly bucket: IBucket | Bucket;
  /** Among the configured buckets. */
  readonly index: number;
};

const timeout = Duration.minutes(5);

/** Data events of CloudTrail, which raise no tamper alert. `csrwatch redrive` only sends to the queue. */
const takingMessages = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:ChangeMessageVisibility'];

/** Buckets ─ ObjectCreated ─▶ queue ─▶ detector; a message that keeps failing ends in the dead-letter queue. */
export class S3Source extends Construct {
  readonly detector: DetectorFunction;
  readonly queue: Queue;
  /** The UUID of what reads the queue for the function. */
  readonly eventSourceMapping: string;
  readonly deadLetterQueue: Queue;
  /** The watched buckets, created and existing ones. */
  readonly buckets: readonly (IBucket | Bucket)[];
  /** The prefixes below which objects are read. */
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
    const watched = buckets.map(
      (item, index): Watched => ({
        ...item,
        index,
        bucket: this.bucketOf(item, index),
      }),
    );
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
      maxConcurrency,
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
    this.notifyByS3(watched.filter(({ notifications = 's3' }) => notifications === 's3'));
    this.notifyByEventBridge(watched.filter(({ notifications }) => notifications === 'eventbridge'));
    for (const item of watched) this.grantRead(item);
  }

  private bucketOf({ bucket, expireAfterDays }: WatchedBucket, index: number): IBucket | Bucket {
    return (
      bucket ?? evidenceBucket(this, index === 0 ? 'AuditLogs' : `AuditLogs${index + 1}`, expireAfterDays)
    );
  }

  /** CDK's custom resource keeps the notifications that an existing bucket has. */
  private notifyByS3(watched: readonly Watched[]): void {
    if (watched.length === 0) return;
    openToBuckets(this.queue);
    for (const { bucket, prefix } of watched) {
      bucket.addEventNotification(
        EventType.OBJECT_CREATED,
        queueDestination(this.queue),
        ...(prefix === undefined ? [] : [{ prefix }]),
      );
    }
    acknowledgeNotificationsHandler(this);
  }

  private notifyByEventBridge(watched: readonly Watched[]): void {
    if (watched.length === 0) return;
    const target = new SqsQueue(openToRules(this.queue), {
      deadLetterQueue: openToRules(this.deadLetterQueue),
    });
    for (const { bucket, prefix, index } of watched) {
      if (bucket instanceof Bucket) bucket.enableEventBridgeNotification();
      new Rule(this, `Created${index + 1}`, {
        description: 'csrwatch: a new object may hold audit events',
        eventPattern: {
          source: ['aws.s3'],
          detailType: ['Object Created'],
          detail: {
            bucket: { name: [bucket.bucketName] },
            ...(prefix === undefined ? {} : { object: { key: [{ prefix }] } }),
          },
        },
        targets: [target],
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
