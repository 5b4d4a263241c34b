import type { Duration } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import type { IRule } from 'aws-cdk-lib/aws-events';
import type { IStream } from 'aws-cdk-lib/aws-kinesis';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { AlarmFactory, alarmPeriod } from './alarm-factory.ts';
import { pipelineDashboard } from './dashboard.ts';
import { addFailureAlarms } from './failure-alarms.ts';
import { addLogNoDataAlarms } from './log-no-data-alarm.ts';
import { addObjectNoDataAlarms } from './object-no-data-alarm.ts';
import { TamperRules } from './tamper-rules.ts';
import { allowPublishing } from './topic-policy.ts';
import { addWatchListAlarms } from './watch-list-alarms.ts';

/** What may be chosen about monitoring. */
export interface MonitoringProps {
  /** Time without an audit event in a log group before an alarm: a multiple of five minutes, at most a day. @default - no alarm */
  readonly logNoData?: Duration;
  /** Time without a new object in a bucket before an alarm: whole hours, at most seven days. @default - no alarm */
  readonly objectNoData?: Duration;
  /** Where alarms point to for the runbook. @default 'docs/runbook.md' */
  readonly runbook?: string;
}

/** The parts of csrwatch that are monitored. */
export interface OperationsProps extends MonitoringProps {
  /** Receives every alarm and every tamper alert. */
  readonly topic: ITopic;
  /** Encrypts the topics. @default - no key of this account does */
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
  /** Fails if a source does not deliver. @default - no canary is scheduled */
  readonly canary?: IFunction | undefined;
  /** The functions' own log groups, whose log events become metrics. @default - they are not protected */
  readonly functionLogs?: readonly ILogGroup[];
  /** Dead-letter queues: a message in one is an input to investigate. @default - none */
  readonly failures?: readonly IQueue[];
  /** Dead-letter queues of subscriptions. @default - none */
  readonly undelivered?: readonly IQueue[];
  /** Watched log groups. @default - none */
  readonly logGroups?: readonly ILogGroup[];
  /** The queue of object notifications. @default - there is no S3 source */
  readonly objects?: IQueue;
  /** Watched buckets. @default - none */
  readonly buckets?: readonly Pick<IBucket, 'bucketName' | 'encryptionKey'>[];
  /** Buckets of inputs that could not be evaluated. @default - none */
  readonly failedRecords?: readonly Pick<IBucket, 'bucketName' | 'encryptionKey'>[];
  /** Of alerts and findings. @default - none */
  readonly topics?: readonly ITopic[];
  /** The schedule of the summaries of storms. @default - none */
  readonly summaries?: IRule | undefined;
  /** The dedup table. @default - none */
  readonly table?: Pick<ITable, 'tableName'>;
  /** The table of followed certificates. @default - none are followed */
  readonly watchList?: Pick<ITable, 'tableName'> | undefined;
  /** @default - none */
  readonly streams?: readonly IStream[];
}

/** Alarms, tamper rules and a dashboard for everything that could make csrwatch miss something. Each refers to the runbook. */
export class Operations extends Construct {
  constructor(scope: Construct, id: string, props: OperationsProps) {
    super(scope, id);
    const { topic, key, functions, table, watchList, objects, logNoData, objectNoData } = props;
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
      tables: [table, watchList].flatMap((each) => each ?? []),
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
    if (watchList) addWatchListAlarms(alarms);
    if (props.canary) {
      alarms.add('Canary', {
        metric: props.canary.metricErrors({ statistic: 'Sum' }),
        anchor: 'canary-failed',
        meaning: 'the alert of a canary did not arrive from every source: real alerts may not arrive either',
      });
    }
    if (props.summaries) {
      alarms.add('SummariesNotStarted', {
        metric: new Metric({
          namespace: 'AWS/Events',
          metricName: 'FailedInvocations',
          dimensionsMap: { RuleName: props.summaries.ruleName },
          statistic: 'Sum',
          period: alarmPeriod,
        }),
        anchor: 'summaries-not-started',
        meaning: 'EventBridge could not start the function that sends the summaries of storms',
      });
    }
    alarms.add('TamperAlertsUndelivered', {
      metric: rules.undelivered.metricApproximateNumberOfMessagesVisible({ statistic: 'Maximum' }),
      anchor: 'undelivered-tamper-alerts',
      meaning: 'EventBridge could not publish a tamper alert',
      notifyOk: true,
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
      followsCertificates: watchList !== undefined,
      failures: [...failures, ...undelivered, rules.undelivered],
    });
  }
}
