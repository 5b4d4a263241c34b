import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { CfnPermission, type Code } from 'aws-cdk-lib/aws-lambda';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { FilterPattern, type ILogGroup, RetentionDays, SubscriptionFilter } from 'aws-cdk-lib/aws-logs';
import { LambdaDestination } from 'aws-cdk-lib/aws-logs-destinations';
import { BlockPublicAccess, Bucket, BucketEncryption, EventType, type IBucket } from 'aws-cdk-lib/aws-s3';
import { SqsDestination as QueueNotification } from 'aws-cdk-lib/aws-s3-notifications';
import { type ITopic, Topic } from 'aws-cdk-lib/aws-sns';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct, type IDependable } from 'constructs';
import type { Severity } from '../lambda/findings/finding.ts';
import { acknowledge, acknowledgeNotificationsHandler } from './acknowledgements.ts';
import { DetectorFunction } from './detector-function.ts';
import { Operations } from './operations.ts';
import { PagedTable } from './paged-table.ts';

export interface WatchedLogGroup {
  readonly logGroup: ILogGroup;
  /** @default - what the group's name says, as in /aws/eks/NAME/cluster */
  readonly cluster?: string;
  /** What AWS delivers of it. @default - everything */
  readonly filterPattern?: string;
}

export interface WatchedBucket {
  /** @default - a bucket is made, and kept when the stack goes */
  readonly bucket?: IBucket;
  /** @default - what the key pattern or the events say */
  readonly cluster?: string;
  /** @default - keys say nothing of the cluster */
  readonly keyPattern?: string;
}

export interface CsrWatchProps {
  /** The bundle: `writeBundle`'s directory. */
  readonly code: Code;
  /** @default - none */
  readonly logGroups?: readonly WatchedLogGroup[];
  /** @default - none */
  readonly buckets?: readonly WatchedBucket[];
  /** What people are paged for at least. @default 'low' */
  readonly lowestSeverity?: Severity;
  /** How long the functions' own logs are kept. @default RetentionDays.ONE_MONTH */
  readonly logRetention?: RetentionDays;
}

const objectTimeout = Duration.minutes(5);
/** Failed deliveries are kept as long as SQS keeps anything. */
const deadLetterRetention = Duration.days(14);

/** The detector on both roads, from watched logs to topics. Subscribe to `pages` (people) or `findings` (programs). */
export class CsrWatch extends Construct {
  /** One finding a message, as JSON. */
  readonly findings: ITopic;
  /** E-mails and SMS. */
  readonly pages: ITopic;
  /** What is wrong with csrwatch itself: alarms, each with what to do. */
  readonly operations: ITopic;
  private readonly props: CsrWatchProps;
  private readonly key: Key;
  private readonly paged: PagedTable;

  constructor(scope: Construct, id: string, props: CsrWatchProps) {
    super(scope, id);
    this.props = props;
    this.key = new Key(this, 'Key', { description: 'csrwatch: topics', enableKeyRotation: true });
    this.paged = new PagedTable(this, 'Paged');
    this.findings = this.topic('Findings');
    this.pages = this.topic('Pages');
    const topic = this.topic('OperationsTopic');
    this.operations = topic;
    // CloudWatch publishes to an encrypted topic by the key's leave
    this.key.grantEncryptDecrypt(
      new ServicePrincipal('cloudwatch.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    );
    const logs = props.logGroups?.length ? this.watchLogGroups(props.logGroups) : undefined;
    const objects = props.buckets?.length ? this.watchBuckets(props.buckets) : undefined;
    const roads = [logs, objects].filter((road) => road !== undefined);
    new Operations(this, 'Operations', {
      topic,
      functions: roads.map(({ detector }) => detector),
      failures: roads.map(({ failed }) => failed),
      ...(objects ? { objects: objects.queue } : {}),
      logs: logs !== undefined,
    });
  }

  private topic(id: string): Topic {
    return new Topic(this, id, { masterKey: this.key, enforceSSL: true });
  }

  private watchLogGroups(watched: readonly WatchedLogGroup[]) {
    const failed = this.deadLetters('LogsFailed');
    const logGroups = Object.fromEntries(
      watched.flatMap(({ logGroup, cluster }) => (cluster ? [[logGroup.logGroupName, cluster]] : [])),
    );
    const { function: detector } = this.detector('Logs', Duration.minutes(1), { logGroups }, failed);
    const { account, partition, region } = Stack.of(this);
    // One permission for all groups: a function's resource policy holds some fifty of CDK's one a filter.
    // The wildcard is held to this account's groups.
    const permission = new CfnPermission(this, 'LogsPermission', {
      action: 'lambda:InvokeFunction',
      functionName: detector.functionArn,
      principal: 'logs.amazonaws.com',
      sourceAccount: account,
      sourceArn: `arn:${partition}:logs:${region}:${account}:log-group:*`,
    });
    for (const { logGroup, filterPattern = '' } of watched) {
      const filter = new SubscriptionFilter(this, `Filter${logGroup.logGroupName.replace(/[^\w]+/g, '-')}`, {
        logGroup,
        destination: new LambdaDestination(detector, { addPermissions: false }),
        filterPattern: FilterPattern.literal(filterPattern),
      });
      filter.node.addDependency(permission as IDependable);
    }
    return { detector, failed };
  }

  private watchBuckets(watched: readonly WatchedBucket[]) {
    const failed = this.deadLetters('ObjectsFailed');
    const queue = new Queue(this, 'Objects', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: deadLetterRetention,
      // six times the function's timeout, as Lambda asks for
      visibilityTimeout: Duration.seconds(objectTimeout.toSeconds() * 6),
      deadLetterQueue: { queue: failed, maxReceiveCount: 5 },
    });
    const buckets = watched.map((item, index) => ({
      ...item,
      bucket: item.bucket ?? this.auditBucket(index === 0 ? 'AuditLogs' : `AuditLogs${index + 1}`),
    }));
    const objects = this.detector('ObjectsDetector', objectTimeout, {
      buckets: Object.fromEntries(
        buckets.flatMap(({ bucket, cluster }) => (cluster ? [[bucket.bucketName, cluster]] : [])),
      ),
      keyPatterns: Object.fromEntries(
        buckets.flatMap(({ bucket, keyPattern }) => (keyPattern ? [[bucket.bucketName, keyPattern]] : [])),
      ),
    });
    const detector = objects.function;
    detector.addEventSource(new SqsEventSource(queue, { batchSize: 5, reportBatchItemFailures: true }));
    for (const { bucket } of buckets) {
      bucket.addEventNotification(EventType.OBJECT_CREATED, new QueueNotification(queue));
      detector.addToRolePolicy(
        new PolicyStatement({
          actions: ['s3:GetObject', 's3:GetObjectVersion'],
          // every object that is dropped there is an audit log
          resources: [bucket.arnForObjects('*')],
        }),
      );
      const arn = Stack.of(this).resolve(bucket.bucketArn);
      const shown = arn['Fn::GetAtt']
        ? `<${arn['Fn::GetAtt'].join('.')}>`
        : `arn:<AWS::Partition>:s3:::${bucket.bucketName}`;
      const reason = 'every object that is dropped into a watched bucket is read, whatever its key';
      acknowledge(objects, `IAM5[Resource::${shown}/*]`, reason);
    }
    acknowledgeNotificationsHandler(this);
    return { detector, failed, queue };
  }

  private auditBucket(id: string): Bucket {
    const bucket = new Bucket(this, id, {
      encryption: BucketEncryption.S3_MANAGED,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      // it holds evidence
      removalPolicy: RemovalPolicy.RETAIN,
    });
    acknowledge(
      bucket,
      'S1',
      'access to it is seen in CloudTrail; server access logs would need a bucket of their own',
    );
    return bucket;
  }

  private deadLetters(id: string): Queue {
    const queue = new Queue(this, id, {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: deadLetterRetention,
    });
    acknowledge(queue, 'SQS3', 'it is where failures end: an operator takes them out');
    return queue;
  }

  private detector(id: string, timeout: Duration, clusters: object, failed?: Queue): DetectorFunction {
    const { code, lowestSeverity = 'low', logRetention = RetentionDays.ONE_MONTH } = this.props;
    const detector = new DetectorFunction(this, id, {
      code,
      timeout,
      description: 'csrwatch: evaluates audit events against the detection rules',
      retention: logRetention,
      environment: {
        CSRWATCH_CHANNELS: Stack.of(this).toJsonString([
          { rendering: 'json', topicArn: this.findings.topicArn, lowestSeverity: 'low' },
          { rendering: 'text', topicArn: this.pages.topicArn, lowestSeverity },
        ]),
        CSRWATCH_CLUSTERS: Stack.of(this).toJsonString(clusters),
      },
      ...(failed ? { options: { onFailure: new SqsDestination(failed), retryAttempts: 2 } } : {}),
    });
    const role = detector.function;
    this.paged.giveTo(detector.function);
    role.addToRolePolicy(
      new PolicyStatement({
        actions: ['sns:Publish'],
        resources: [this.findings.topicArn, this.pages.topicArn],
      }),
    );
    role.addToRolePolicy(
      new PolicyStatement({ actions: ['kms:GenerateDataKey', 'kms:Decrypt'], resources: [this.key.keyArn] }),
    );
    return detector;
  }
}
