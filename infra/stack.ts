import { Annotations, CfnOutput, Duration, Stack, type StackProps, Token } from 'aws-cdk-lib';
import { Schedule } from 'aws-cdk-lib/aws-events';
import { Key } from 'aws-cdk-lib/aws-kms';
import type { Code } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Bucket, type IBucket } from 'aws-cdk-lib/aws-s3';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { notificationsRole } from './bucket-notifications.ts';
import type { ChannelProps } from './channel-topic.ts';
import { chunks } from './chunks.ts';
import { bundledCode } from './code.ts';
import { type Config, type ConfigInput, parseConfig } from './config.ts';
import { CsrWatch } from './csrwatch.ts';
import type { WatchedLogGroup } from './log-subscription.ts';
import { hasHumanSubscribers, humanChannels, warnAboutMissingPeople } from './people.ts';
import { type DeployedRules, deployedRules } from './rules.ts';
import type { WatchedBucket } from './s3-source.ts';
import { version } from './version.ts';

/** An output holds 4,096 bytes. A key prefix may hold 1,024, and a bucket's name is a reference if csrwatch creates it. */
const outputCharacters = 3_800;

/** A thin stack around the construct: it turns names in the configuration into constructs. */
export class CsrWatchStack extends Stack {
  /** @throws {ConfigError} with every mistake in the configuration */
  constructor(scope: Construct, id: string, configuration: ConfigInput, props?: StackProps) {
    super(scope, id, props);
    const config = parseConfig(configuration, 'the configuration');
    const rules = deployedRules(config);
    warn(this, rules.warnings);
    const { emails, minSeverity, stream, keyArn } = config;
    const watch = new CsrWatch(this, 'CsrWatch', {
      rules,
      code: this.code(rules),
      logGroups: config.logGroups.map((group, index) => watchedLogGroup(this, group, index)),
      buckets: config.buckets.map((bucket, index) => this.bucket(bucket, index)),
      stream,
      key: keyArn === undefined ? undefined : Key.fromKeyArn(this, 'GivenKey', keyArn),
      findings: this.given('findings', { ...config.findings, emails: [], sms: [] }),
      channels: [
        { name: 'alerts', rendering: 'text', minSeverity, subscribers: { emails } },
        ...smsChannel(config),
        ...config.channels.map(({ name, rendering, minSeverity, ...rest }) => ({
          name,
          rendering,
          minSeverity,
          ...this.given(name, rest),
        })),
      ],
      operations: { emails: config.operationsEmails ?? emails },
      logRetention: config.logRetentionDays,
      monitoring: monitoring(config),
      backfillResults:
        config.backfillResults === undefined
          ? undefined
          : this.givenBucket('GivenResults', config.backfillResults, config.backfillResultsKeyArn),
      canarySchedule:
        config.canarySchedule === undefined ? undefined : Schedule.expression(config.canarySchedule),
      summaryWindow: Duration.minutes(config.summaryMinutes),
      maxObjectsAtOnce: config.maxObjectsAtOnce,
      reservedConcurrency: config.reservedConcurrency,
    });
    if (!hasHumanSubscribers(config)) warnAboutMissingPeople(this);
    this.output('Version', version, 'Of csrwatch, as deployed');
    this.output('FindingsTopic', watch.findings.topicArn, 'Findings as JSON');
    this.output('AlertsTopic', watch.topic('alerts').topicArn, 'Alerts for people');
    this.list(
      'HumanChannels',
      humanChannels(config).map(({ name, rendering }) =>
        [name, rendering, watch.topic(name).topicArn].join(' '),
      ),
      'Name, rendering and topic of each channel for people',
    );
    this.output(
      'HumanSubscribers',
      String(hasHumanSubscribers(config)),
      'Whether the configuration subscribes people',
    );
    this.list(
      'WatchedLogGroups',
      config.logGroups.map(({ name }) => name),
      'Log groups that are read',
    );
    this.output('OperationsTopic', watch.operations.topicArn, 'Alarms about csrwatch itself');
    this.outputsForTools(watch);
  }

  /** What the functions run. @internal */
  protected code(rules: DeployedRules): Code {
    return bundledCode(rules);
  }

  /** The outputs by which `canary`, `backfill`, `redrive` and `follow` find the parts of a deployed stack. */
  private outputsForTools({ canary, backfill, logs, objects, stream, follower }: CsrWatch): void {
    this.output('CanaryQueue', canary.queue.queueUrl, 'Where alerts of canaries arrive');
    this.list(
      'WatchedObjects',
      objects?.places.map(({ bucket, prefix }) => `${bucket.bucketName}/${prefix}`) ?? [],
      'Buckets and prefixes that are read',
    );
    if (logs) {
      this.output('LogsFunction', logs.detector.function.functionName, 'Reads log deliveries');
      this.output(
        'LogsDeadLetterQueue',
        logs.failures.deadLetterQueue.queueUrl,
        'Failed log deliveries and stream records',
      );
    }
    if (objects) {
      this.output('ObjectsQueue', objects.queue.queueUrl, 'Notifications of objects');
      this.output(
        'ObjectsDeadLetterQueue',
        objects.deadLetterQueue.queueUrl,
        'Notifications of objects that failed',
      );
    }
    if (stream) {
      this.output('StreamDestination', stream.destinationArn, 'What other accounts subscribe to');
    }
    if (follower) {
      this.output('WatchListFunction', follower.functionName, 'Lists and changes the followed certificates');
    }
    if (backfill) {
      this.output(
        'BackfillStateMachine',
        backfill.stateMachine.stateMachineArn,
        'Runs the detector over existing objects',
      );
      this.output('BackfillResults', backfill.results.bucketName, 'What such runs found');
    }
  }

  /** A list that is too long for one output continues in others, numbered from 2. */
  private list(id: string, values: readonly string[], description: string): void {
    for (const [index, part] of chunks(values, outputCharacters).entries()) {
      this.output(`${id}${index === 0 ? '' : index + 1}`, part.join(','), description);
    }
  }

  private bucket({ name, keyArn, ...rest }: Config['buckets'][number], index: number): WatchedBucket {
    if (name === undefined) return rest;
    return { ...rest, bucket: this.givenBucket(watchedId('Bucket', name, index), name, keyArn) };
  }

  private givenBucket(id: string, bucketName: string, keyArn: string | undefined): IBucket {
    const encryptionKey = keyArn === undefined ? undefined : Key.fromKeyArn(this, `KeyOf${id}`, keyArn);
    return Bucket.fromBucketAttributes(this, id, {
      bucketName,
      notificationsHandlerRole: notificationsRole(this),
      ...(encryptionKey === undefined ? {} : { encryptionKey }),
    });
  }

  /** A channel's topic and queues, by their ARNs. */
  private given(
    name: string,
    {
      topicArn,
      keyArn,
      queues,
      ...subscribers
    }: Omit<Config['channels'][number], 'name' | 'rendering' | 'minSeverity'>,
  ): Pick<ChannelProps, 'topic' | 'subscribers'> {
    return {
      ...(topicArn === undefined
        ? {}
        : {
            topic: Topic.fromTopicAttributes(this, `Topic-${name}`, {
              topicArn,
              ...(keyArn === undefined ? {} : { keyArn }),
            }),
          }),
      subscribers: {
        ...subscribers,
        queues: queues.map((arn, index) => Queue.fromQueueArn(this, `Queue-${name}-${index + 1}`, arn)),
      },
    };
  }

  private output(id: string, value: string, description: string): void {
    new CfnOutput(this, id, { value, description });
  }
}

/** SNS filters no message that has a text for each protocol, so SMS needs a topic of its own for its minimum severity. */
function smsChannel({ sms, smsMinSeverity }: Config): ChannelProps[] {
  return sms.length === 0
    ? []
    : [{ name: 'sms', rendering: 'text', minSeverity: smsMinSeverity, subscribers: { sms } }];
}

/** An existing bucket already receives logs; one that is created may stay empty for now. */
function monitoring({ noDataAlarmMinutes: minutes, noObjectsAlarmHours, buckets, runbook }: Config) {
  const hours = noObjectsAlarmHours ?? (buckets.some(({ name }) => name !== undefined) ? 24 : undefined);
  return {
    runbook,
    ...(minutes > 0 ? { logNoData: Duration.minutes(minutes) } : {}),
    ...(hours === undefined ? {} : { objectNoData: Duration.hours(hours) }),
  };
}

/** A log group by its name. */
export function watchedLogGroup(
  scope: Construct,
  { name, ...rest }: Config['logGroups'][number],
  index: number,
): WatchedLogGroup {
  return { ...rest, logGroup: LogGroup.fromLogGroupName(scope, watchedId('LogGroup', name, index), name) };
}

/** A name that is known only when the stack is deployed cannot be a part of an id. */
function watchedId(kind: string, name: string, index: number): string {
  return `Watched${Token.isUnresolved(name) ? `${kind}${index + 1}` : name}`;
}

export function warn(stack: Stack, warnings: readonly string[]): void {
  for (const [index, warning] of warnings.entries()) {
    Annotations.of(stack).addWarningV2(`csrwatch:rules:${index}`, warning);
  }
}
