import { type Channel, renderings } from './alerts/channel.ts';
import { severities } from './findings/finding.ts';
import { isObject, stringAt } from './json/read-json.ts';
import { messageOf } from './message-of.ts';
import type { ClusterConfig } from './scan/cluster-name.ts';

export interface Environment {
  /** `AWS_REGION`, which Lambda sets. */
  readonly region: string | undefined;
  readonly channels: readonly Channel[];
  readonly clusters: ClusterConfig;
  /** Receives reports of records that cannot be evaluated; if absent, they are only logged and counted. */
  readonly operationsTopic: string | undefined;
  /** The dedup table, which holds what was sent. */
  readonly table: string | undefined;
  /** The table of followed certificates; if absent, none are followed. */
  readonly watchListTable: string | undefined;
  /** How long a call to a table may take before alerts are sent without deduplication. */
  readonly tableTimeoutMs: number;
  /** The length of a storm's windows: people get at most one summary in each. */
  readonly summaryMs: number;
}

/** DynamoDB responds within milliseconds; the first connection takes a few hundred. */
const defaultTableTimeoutMs = 1_500;

const defaultSummarySeconds = 900;

/** A variable is missing or invalid; the message names it and states what is expected. */
export class EnvironmentError extends Error {
  override readonly name = 'EnvironmentError';
}

/**
 * Reads the function's variables; nothing else reads the environment.
 * @throws {EnvironmentError} naming the variable.
 */
export function readEnvironment(env: Readonly<Record<string, string | undefined>>): Environment {
  return {
    region: env['AWS_REGION'],
    channels: channelsFrom(json('CSRWATCH_CHANNELS', required('CSRWATCH_CHANNELS', env))),
    clusters: clustersFrom(json('CSRWATCH_CLUSTERS', env['CSRWATCH_CLUSTERS'] || '{}')),
    operationsTopic: env['CSRWATCH_OPERATIONS_TOPIC']
      ? topicArn(env['CSRWATCH_OPERATIONS_TOPIC'], 'CSRWATCH_OPERATIONS_TOPIC')
      : undefined,
    table: env['CSRWATCH_TABLE'] || undefined,
    watchListTable: env['CSRWATCH_WATCH_LIST_TABLE'] || undefined,
    tableTimeoutMs: wholeNumber('CSRWATCH_TABLE_TIMEOUT_MS', env, 'milliseconds', defaultTableTimeoutMs),
    summaryMs: wholeNumber('CSRWATCH_SUMMARY_SECONDS', env, 'seconds', defaultSummarySeconds) * 1_000,
  };
}

export interface CanaryEnvironment {
  /** Of the queue that receives the canary's alerts. */
  readonly queueUrl: string;
}

/** The variables of the scheduled canary. @throws {EnvironmentError} naming the variable. */
export function readCanaryEnvironment(env: Readonly<Record<string, string | undefined>>): CanaryEnvironment {
  const queueUrl = env['CSRWATCH_CANARY_QUEUE'];
  if (queueUrl) return { queueUrl };
  throw new EnvironmentError(
    'CSRWATCH_CANARY_QUEUE is not set: the canary does not know where its alerts arrive',
  );
}

function required(name: string, env: Readonly<Record<string, string | undefined>>): string {
  const value = env[name];
  if (!value) throw new EnvironmentError(`${name} is not set: the function does not know where to publish`);
  return value;
}

function wholeNumber(
  name: string,
  env: Readonly<Record<string, string | undefined>>,
  unit: string,
  otherwise: number,
): number {
  const value = env[name];
  if (!value) return otherwise;
  const number = Number(value);
  if (Number.isInteger(number) && number > 0) return number;
  throw new EnvironmentError(`${name}: ${JSON.stringify(value)} is not a whole number of ${unit} above 0`);
}

function json(name: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new EnvironmentError(`${name} is not JSON: ${messageOf(error)}`);
  }
}

function channelsFrom(value: unknown): Channel[] {
  if (!Array.isArray(value) || value.length === 0) {
    throw new EnvironmentError('CSRWATCH_CHANNELS: expected a list of at least one channel');
  }
  return value.map((item, index) => {
    const where = `CSRWATCH_CHANNELS[${index}]`;
    return {
      rendering: oneOf(renderings, stringAt(item, 'rendering'), `${where}.rendering`),
      topicArn: topicArn(stringAt(item, 'topicArn'), `${where}.topicArn`),
      minSeverity: oneOf(severities, stringAt(item, 'minSeverity'), `${where}.minSeverity`),
    };
  });
}

function oneOf<T extends string>(choices: readonly T[], value: string | undefined, where: string): T {
  const found = choices.find((choice) => choice === value);
  if (found === undefined) {
    throw new EnvironmentError(`${where}: ${JSON.stringify(value)} is not one of ${choices.join(', ')}`);
  }
  return found;
}

function topicArn(value: string | undefined, where: string): string {
  if (value === undefined || !/^arn:[^:]+:sns:[^:]*:\d*:.+$/.test(value)) {
    throw new EnvironmentError(`${where}: ${JSON.stringify(value)} is not the ARN of an SNS topic`);
  }
  return value;
}

function clustersFrom(value: unknown): ClusterConfig {
  if (!isObject(value)) throw new EnvironmentError('CSRWATCH_CLUSTERS: expected an object');
  return {
    logGroups: names(value['logGroups'], 'logGroups'),
    buckets: names(value['buckets'], 'buckets'),
    keyPatterns: names(value['keyPatterns'], 'keyPatterns'),
  };
}

function names(value: unknown, key: string): Record<string, string> {
  if (value === undefined) return {};
  if (!isObject(value) || !Object.values(value).every((item) => typeof item === 'string')) {
    throw new EnvironmentError(`CSRWATCH_CLUSTERS.${key}: expected an object of names`);
  }
  return { ...(value as Record<string, string>) };
}
