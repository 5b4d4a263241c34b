import { Duration, Stack } from 'aws-cdk-lib';
import type { Code } from 'aws-cdk-lib/aws-lambda';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { acknowledge } from './acknowledgements.ts';
import { BundledFunction, type BundledFunctionProps } from './bundled-function.ts';
import type { Channels } from './channels.ts';
import { ConfigError } from './config/config-error.ts';
import type { DedupTable } from './dedup-table.ts';

/** Lambda's limit for the names and values of all variables together. */
const maxEnvironmentBytes = 4_096;

/** CSRWATCH_TABLE with the longest name that CloudFormation generates for a table, and CSRWATCH_SUMMARY_SECONDS. */
const tableVariableBytes = 14 + 255 + 24 + 6;

/** What the detectors of both sources have in common. */
export interface DetectorSettings {
  /** The bundle: `bundledCode`. */
  readonly code: Code;
  readonly channels: Channels;
  readonly dedup: DedupTable;
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

/** The detector: a function that may publish to the channels and use the dedup table. */
export class DetectorFunction extends BundledFunction {
  constructor(scope: Construct, id: string, { channels, dedup, clusters, ...props }: DetectorFunctionProps) {
    super(scope, id, { ...props, environment: environmentOf(scope, id, channels, clusters) });
    channels.grantPublish(this.role);
    dedup.giveTo(this);
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
  channels: Channels,
  clusters: ClusterNames,
): Record<string, string> {
  const variables = {
    CSRWATCH_CHANNELS: channels.environment(),
    CSRWATCH_OPERATIONS_TOPIC: channels.operations.topicArn,
    CSRWATCH_CLUSTERS: Stack.of(scope).toJsonString(clusters),
  };
  const bytes = Object.entries(Stack.of(scope).resolve(variables)).reduce(
    (sum, [name, value]) => sum + name.length + bytesOf(value),
    tableVariableBytes,
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
