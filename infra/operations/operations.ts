import type { Duration } from 'aws-cdk-lib';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import type { IStream } from 'aws-cdk-lib/aws-kinesis';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { AlarmFactory } from './alarm-factory.ts';
import { pipelineDashboard } from './dashboard.ts';
import { addFailureAlarms } from './failure-alarms.ts';
import { addLogNoDataAlarms } from './log-no-data-alarm.ts';
import { addObjectNoDataAlarms } from './object-no-data-alarm.ts';
import { TamperRules } from './tamper-rules.ts';
import { allowPublishing } from './topic-policy.ts';

/** What is watched of the watcher. */
export interface OperationsProps {
  /** Gets every alarm and every sign of tampering. */
  readonly topic: ITopic;
  /** Encrypts the topic and those of the pages. @default - they are not encrypted by a key of this account */
  readonly key?: IKey;
  /** Every detector. */
  readonly functions: readonly IFunction[];
  /** Those of `functions` that CloudWatch Logs invokes. @default - none */
  readonly subscribed?: readonly IFunction[];
  /** The name of the subscription filters that invoke them. @default - there are none */
  readonly subscriptionFilter?: string | undefined;
  /** Those of `functions` that read `streams`. @default - none */
  readonly streamReaders?: readonly IFunction[];
  /** UUIDs of the mappings by which functions read `objects` and `streams`. @default - none */
  readonly eventSourceMappings?: readonly string[];
  /** Its errors are roads that don't reach their page. @default - there is no canary on a schedule */
  readonly canary?: IFunction | undefined;
  /** The functions' own log groups, whose lines are the metrics. @default - nobody is told when one is deleted */
  readonly functionLogs?: readonly ILogGroup[];
  /** Queues of what failed: a message in one is evidence that nobody has looked at. @default - none */
  readonly failures?: readonly IQueue[];
  /** Queues of what SNS could not hand to a subscriber. @default - none */
  readonly undelivered?: readonly IQueue[];
  /** @default - none */
  readonly logGroups?: readonly ILogGroup[];
  /** How long a log group may be without an audit event: a multiple of five minutes, a day at most. @default - for ever */
  readonly logNoData?: Duration;
  /** Of object notifications. @default - the S3 road isn't there */
  readonly objects?: IQueue;
  /** How long a bucket may be without a new object: a multiple of an hour, seven days at most. @default - for ever */
  readonly objectNoData?: Duration;
  /** Watched buckets. @default - none */
  readonly buckets?: readonly Pick<IBucket, 'bucketName' | 'encryptionKey'>[];
  /** Buckets that keep what could not be evaluated. @default - none */
  readonly failedRecords?: readonly Pick<IBucket, 'bucketName' | 'encryptionKey'>[];
  /** Of alerts and findings. @default - none */
  readonly topics?: readonly ITopic[];
  /** What has been paged. @default - nothing is remembered */
  readonly table?: Pick<ITable, 'tableName'>;
  /** @default - none */
  readonly streams?: readonly IStream[];
  /** Where the runbook is, as a URL or a path. @default - its path in csrwatch's repository */
  readonly runbook?: string;
}

/** Alarms, rules and a dashboard on whatever could make csrwatch miss something; each says what to do. */
export class Operations extends Construct {
  constructor(scope: Construct, id: string, props: OperationsProps) {
    super(scope, id);
    const { topic, key, functions, table, objects, logNoData, objectNoData } = props;
    const {
      failures = [],
      undelivered = [],
      logGroups = [],
      functionLogs = [],
      topics = [],
      buckets = [],
    } = props;
    allowPublishing(this, topic);
    const alarms = new AlarmFactory(this, 'Alarms', topic, props.runbook ?? 'docs/runbook.md');
    const rules = new TamperRules(this, 'TamperRules', {
      topic,
      alarms,
      functions: [...functions, ...(props.canary ? [props.canary] : [])],
      eventSourceMappings: props.eventSourceMappings ?? [],
      logGroups: [...logGroups, ...functionLogs],
      topics: [...topics, topic],
      queues: [...(objects ? [objects] : []), ...failures, ...undelivered],
      buckets: [...buckets, ...(props.failedRecords ?? [])],
      keys: key ? [key] : [],
      tables: table ? [table] : [],
      streams: props.streams ?? [],
    });
    addFailureAlarms(alarms, {
      functions,
      subscribed: props.subscribed ?? [],
      subscriptionFilter: props.subscriptionFilter,
      streamReaders: props.streamReaders ?? [],
      objects,
      failures,
      undelivered,
    });
    if (props.canary) {
      alarms.add('Canary', {
        metric: props.canary.metricErrors({ statistic: 'Sum' }),
        anchor: 'canary-failed',
        meaning: 'a canary was sent down every road, and of one no page came: a real one may not come either',
      });
    }
    alarms.add('TamperAlertsUndelivered', {
      metric: rules.undelivered.metricApproximateNumberOfMessagesVisible({ statistic: 'Maximum' }),
      anchor: 'undelivered-tamper-alerts',
      meaning: 'EventBridge could not tell the operations topic that somebody tampers with the detector',
      lasts: true,
    });
    if (logNoData) addLogNoDataAlarms(alarms, logGroups, logNoData);
    if (objects && objectNoData) {
      addObjectNoDataAlarms(alarms, objects, buckets, objectNoData, props.canary !== undefined);
    }
    pipelineDashboard(this, 'Dashboard', {
      alarms,
      functions,
      logGroups,
      subscriptionFilter: props.subscriptionFilter,
      objects,
      topics,
      failures: [...failures, ...undelivered, rules.undelivered],
    });
  }
}
