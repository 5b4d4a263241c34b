import { Duration, Stack } from 'aws-cdk-lib';
import type { Code } from 'aws-cdk-lib/aws-lambda';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { acknowledge } from './acknowledgements.ts';
import { BundledFunction, type BundledFunctionProps } from './bundled-function.ts';
import type { Channels } from './channels.ts';
import { ConfigError } from './config/config-error.ts';
import type { DedupTable } from './dedup-table.ts';
import { type WatchList, watchListVariable } from './watch-list-table.ts';

/** Lambda's limit for the names and values of all variables together. */
const maxEnvironmentBytes = 4_096;

/** The longest name of a table that CloudFormation generates. */
const tableNameBytes = 255;
/** CSRWATCH_TABLE and CSRWATCH_SUMMARY_SECONDS. */
const dedupVariableBytes = 14 + tableNameBytes + 24 + 6;
const watchListVariableBytes = watchListVariable.length + tableNameBytes;

/** What the detectors of both sources have in common. */
export interface DetectorSettings {
  /** The bundle: `bundledCode`. */
  readonly code: Code;
  readonly channels: Channels;
  readonly dedup: DedupTable;
  /** The certificates that it follows. @default - it follows none */
  readonly watchList?: WatchList | undefined;
  readonly logRetention: RetentionDays;
  /** @default - the account's concurrency is shared */
  readonly reservedConcurrency?: number | undefined;
}

/** The cluster of each source, as the detector reads it from `CSRWATCH_CLUSTERS`. */
export interface ClusterNames {
  readonly logGroups?: Readonly<Record<string, string>>;
  readonly buckets?: Readonly<Record<string, string>>;
  readonly keyPatterns?: Readonly<Record<string, string>>;
}

export interface DetectorFunctionProps
  extends DetectorSettings,
    Pick<BundledFunctionProps, 'description' | 'timeout' | 'options'> {
  readonly clusters: ClusterNames;
}

/** The detector: a function that may publish to the channels and use the dedup table and the watch list. */
export class DetectorFunction extends BundledFunction {
  constructor(scope: Construct, id: string, props: DetectorFunctionProps) {
    const { channels, dedup, watchList, clusters, ...rest } = props;
    super(scope, id, {
      ...rest,
      environment: environmentOf(scope, id, { channels, clusters, follows: watchList !== undefined }),
    });
    channels.grantPublish(this.role);
    dedup.giveTo(this);
    watchList?.giveTo(this);
    acknowledge(
      this.function,
      'Serverless-LambdaDLQ',
      'deliveries that fail go to the failure destination, which also says why, or to the dead letters of the queue',
    );
  }
}

/** @throws {ConfigError} if it exceeds Lambda's limit */
function environmentOf(
  scope: Construct,
  id: string,
  {
    channels,
    clusters,
    follows,
  }: { readonly channels: Channels; readonly clusters: ClusterNames; readonly follows: boolean },
): Record<string, string> {
  const variables = {
    CSRWATCH_CHANNELS: channels.environment(),
    CSRWATCH_OPERATIONS_TOPIC: channels.operations.topicArn,
    CSRWATCH_CLUSTERS: Stack.of(scope).toJsonString(clusters),
  };
  const bytes = Object.entries(Stack.of(scope).resolve(variables)).reduce(
    (sum, [name, value]) => sum + name.length + bytesOf(value),
    dedupVariableBytes + (follows ? watchListVariableBytes : 0),
  );
  if (bytes > maxEnvironmentBytes) {
    throw new ConfigError(
      `${scope.node.path}/${id}: channels and names of clusters take ${bytes} bytes, and Lambda's environment ${maxEnvironmentBytes}. ` +
        'Take fewer channels, leave clusters to the names of log groups or to keyPattern, or split the stack',
    );
  }
  return variables;
}

/** References are counted by the length of the ARNs and names that they become. */
function bytesOf(resolved: unknown): number {
  if (typeof resolved === 'string') return Buffer.byteLength(resolved);
  const { 'Fn::Join': join } = Object(resolved);
  return Array.isArray(join) ? join[1].map(bytesOf).reduce((sum: number, one: number) => sum + one, 0) : 100;
}

/** Six times the function's timeout, which Lambda recommends for a queue that it reads. */
export function visibilityFor(timeout: Duration): Duration {
  return Duration.seconds(timeout.toSeconds() * 6);
}
