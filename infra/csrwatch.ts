import type { Duration } from 'aws-cdk-lib';
import type { Schedule } from 'aws-cdk-lib/aws-events';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Code, IFunction } from 'aws-cdk-lib/aws-lambda';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Bucket, IBucket } from 'aws-cdk-lib/aws-s3';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { Backfill } from './backfill.ts';
import { Canary } from './canary-function.ts';
import type { ChannelProps, Subscribers } from './channel-topic.ts';
import { Channels } from './channels.ts';
import { bundledCode } from './code.ts';
import { ConfigError } from './config/config-error.ts';
import { DedupTable } from './dedup-table.ts';
import { KinesisSource, type StreamProps } from './kinesis-source.ts';
import type { WatchedLogGroup } from './log-subscription.ts';
import { LogsSource } from './logs-source.ts';
import { type MonitoringProps, Operations, type OperationsProps } from './operations/operations.ts';
import { type DeployedRules, deployedRules } from './rules.ts';
import { S3Source, type WatchedBucket } from './s3-source.ts';
import { SummarySchedule } from './summary-schedule.ts';
import { WatchList } from './watch-list-table.ts';

/** What csrwatch watches, and where its alerts go. */
export interface CsrWatchProps {
  /** Log groups of this account and region. @default - none */
  readonly logGroups?: readonly WatchedLogGroup[];
  /** Buckets that receive audit logs. @default - none */
  readonly buckets?: readonly WatchedBucket[];
  /** A Kinesis stream for other accounts' log groups. @default - none is created */
  readonly stream?: StreamProps | undefined;
  /**
   * The channels in addition to `findings`, which receives each finding as JSON.
   * @default - `alerts`, with the rendering `text` and without subscribers
   */
  readonly channels?: readonly ChannelProps[];
  /** The topic of `findings`, and its subscribers. @default - a topic is created */
  readonly findings?: Pick<ChannelProps, 'topic' | 'subscribers'>;
  /** Who receives alarms about csrwatch itself. @default - none, until `operations.addSubscription` is called */
  readonly operations?: Subscribers;
  /** Encrypts the topics that are created. @default - a key is created */
  readonly key?: IKey | undefined;
  /** What `deployedRules` returns. @default - the built-in rules */
  readonly rules?: DeployedRules;
  /** What the functions run. @default - bundled from `rules` @internal */
  readonly code?: Code;
  /** How long the functions' own logs are kept. @default RetentionDays.ONE_MONTH */
  readonly logRetention?: RetentionDays;
  /** No-data alarms, and where alarms point to for the runbook. @default - no such alarms, and docs/runbook.md */
  readonly monitoring?: MonitoringProps;
  /** A bucket for the results of backfills. @default - one is created, and kept when the stack is deleted */
  readonly backfillResults?: IBucket | undefined;
  /** When a canary is sent through every source. @default - only `csrwatch canary` sends one */
  readonly canarySchedule?: Schedule | undefined;
  /**
   * After the first alert of a rule, cluster and user, people get at most one summary of further events in this time.
   * @default Duration.minutes(15)
   */
  readonly summaryWindow?: Duration | undefined;
  /** How many batches of objects are read at once. @default - 20, or the reserved concurrency if it is lower */
  readonly maxObjectsAtOnce?: number | undefined;
  /** Lambda concurrency reserved for the functions, which is also their limit. @default - the account's is shared */
  readonly reservedConcurrency?: {
    /** For the function that reads log deliveries and the stream. @default - none is reserved */
    readonly logs?: number | undefined;
    /** For the function that reads objects. @default - none is reserved */
    readonly objects?: number | undefined;
  };
}

/** The detector for every source, from watched logs to topics. */
export class CsrWatch extends Construct {
  /** Receives each finding as a JSON message. */
  readonly findings: ITopic;
  /** Receives alarms about csrwatch itself. */
  readonly operations: ITopic;
  /** The functions that read events: one for log deliveries and the stream, one for objects. */
  readonly detectors: readonly IFunction[];
  /** The watched buckets, given or created. */
  readonly buckets: readonly (IBucket | Bucket)[];
  /** What other accounts subscribe their log groups to. @default - there is no stream */
  readonly streamDestinationArn?: string | undefined;
  /** @internal */
  readonly logs?: LogsSource;
  /** @internal */
  readonly objects?: S3Source;
  /** @internal */
  readonly stream?: KinesisSource | undefined;
  /** Runs the detector over existing objects. @internal */
  readonly backfill?: Backfill;
  /** Lists and changes the followed certificates on request. @default - no certificates are followed */
  readonly follower?: IFunction | undefined;
  /** @internal */
  readonly canary: Canary;
  private readonly channels: Channels;

  /** @throws {ConfigError} if nothing is watched, or more than a stack can hold */
  constructor(scope: Construct, id: string, props: CsrWatchProps) {
    super(scope, id);
    const { logGroups = [], buckets = [], stream, key, operations, maxObjectsAtOnce } = props;
    const { rules = deployedRules(), reservedConcurrency = {} } = props;
    if (logGroups.length + buckets.length === 0 && !stream) {
      throw new ConfigError('nothing is watched: give logGroups, buckets or stream');
    }
    const { channels = [{ name: 'alerts', rendering: 'text' }] } = props;
    this.channels = new Channels(this, 'Channels', {
      channels: [{ name: 'findings', rendering: 'json', ...props.findings }, ...channels],
      key,
      operations,
      sourceAccounts: stream,
    });
    this.findings = this.channels.topic('findings');
    this.operations = this.channels.operations;
    const dedup = new DedupTable(this, 'Dedup', props.summaryWindow);
    const followsLogs =
      logGroups.some(({ followCertificates }) => followCertificates) || stream?.followCertificates === true;
    const watchList = buckets.length > 0 || followsLogs ? new WatchList(this, 'WatchList') : undefined;
    const settings = {
      code: props.code ?? bundledCode(rules),
      channels: this.channels,
      dedup,
      logRetention: props.logRetention ?? RetentionDays.ONE_MONTH,
    };
    if (logGroups.length > 0 || stream) {
      const streamClusters = stream?.clusters;
      this.logs = new LogsSource(this, 'Logs', {
        ...settings,
        logGroups,
        streamClusters,
        filters: rules,
        watchList: followsLogs ? watchList : undefined,
        reservedConcurrency: reservedConcurrency.logs,
      });
      if (stream) {
        const { detector, failures } = this.logs;
        this.stream = new KinesisSource(this, 'Stream', { ...stream, detector, failures });
      }
    }
    if (buckets.length > 0) {
      this.objects = new S3Source(this, 'Objects', {
        ...settings,
        buckets,
        watchList,
        maxConcurrency: maxObjectsAtOnce ?? defaultConcurrency(reservedConcurrency.objects),
        reservedConcurrency: reservedConcurrency.objects,
      });
    }
    this.streamDestinationArn = this.stream?.destinationArn;
    this.detectors = [this.logs, this.objects].flatMap((source) =>
      source ? [source.detector.function] : [],
    );
    this.buckets = this.objects?.buckets ?? [];
    if (this.objects) {
      const { detector, places } = this.objects;
      this.backfill = new Backfill(this, 'Backfill', {
        detector: detector.function,
        places,
        results: props.backfillResults,
        logRetention: settings.logRetention,
      });
    }
    this.canary = new Canary(this, 'Canary', {
      code: settings.code,
      findings: this.findings,
      undelivered: this.channels.undelivered,
      undeliveredByTopics: this.channels.undeliveredByTopics,
      logGroups: logGroups.map(({ logGroup }) => logGroup),
      objects: this.objects?.places ?? [],
      schedule: props.canarySchedule,
      logRetention: settings.logRetention,
    });
    this.follower = (this.objects ?? (followsLogs ? this.logs : undefined))?.detector.function;
    const detector = (this.logs ?? this.objects)?.detector.function;
    const summaries = detector && new SummarySchedule(this, 'Summaries', detector).rule;
    this.addOperations(props, { table: dedup.table, watchList: watchList?.table, summaries });
  }

  /** The topic of a channel. @throws {ConfigError} if there is no such channel */
  topic(channel: string): ITopic {
    return this.channels.topic(channel);
  }

  private addOperations(
    { logGroups = [], monitoring }: CsrWatchProps,
    stored: Pick<OperationsProps, 'table' | 'watchList' | 'summaries'>,
  ): void {
    const { logs, objects, stream } = this;
    const detectors = [logs, objects].flatMap((source) => (source ? [source.detector] : []));
    const reader = logs ? [logs.detector.function] : [];
    new Operations(this, 'Operations', {
      topic: this.channels.operations,
      key: this.channels.key,
      functions: detectors.map((detector) => detector.function),
      functionLogs: detectors.map(({ logGroup }) => logGroup),
      subscribed: logGroups.length > 0 ? reader : [],
      subscriptionFilter: logGroups.length > 0 ? logs?.filterName : undefined,
      streamReaders: stream ? reader : [],
      streams: stream ? [stream.stream] : [],
      eventSourceMappings: [objects, stream].flatMap((source) => source?.eventSourceMapping ?? []),
      failures: [logs?.failures, objects].flatMap((part) => (part ? [part.deadLetterQueue] : [])),
      failedRecords: logs ? [logs.failures.bucket] : [],
      undelivered: [this.channels.undelivered],
      logGroups: logGroups.map(({ logGroup }) => logGroup),
      topics: this.channels.topics(),
      ...stored,
      canary: this.canary.function,
      ...(objects ? { objects: objects.queue, buckets: objects.buckets } : {}),
      ...monitoring,
    });
  }
}

/** A backlog of objects must not take the concurrency that the account's other functions need. */
const usualConcurrency = 20;
/** The least that an event source mapping accepts. */
const leastConcurrency = 2;

function defaultConcurrency(reserved: number | undefined): number {
  return Math.max(leastConcurrency, Math.min(usualConcurrency, reserved ?? usualConcurrency));
}
