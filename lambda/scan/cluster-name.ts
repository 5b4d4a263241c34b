import type { Origin } from '../audit/audit-record.ts';
import { eksClusterOf } from '../audit/eks-log-group.ts';

/** Which cluster writes to which source, as configured. */
export interface ClusterConfig {
  /** By the name of a log group of this account, or `ACCOUNT:NAME` of another: no log group's name contains a colon. */
  readonly logGroups: Readonly<Record<string, string>>;
  /** By bucket name. */
  readonly buckets: Readonly<Record<string, string>>;
  /** By bucket name: a pattern such as `{cluster}/{yyyy}/`. */
  readonly keyPatterns: Readonly<Record<string, string>>;
}

/** What a record's surroundings say about its cluster. */
export interface ClusterHints {
  /** The log group that it came from, or that an envelope inside an object names. */
  readonly logGroup?: string | undefined;
  /** The account of the log group. */
  readonly account?: string | undefined;
  /** A name in the event, or in what a forwarder added to it. */
  readonly reported?: string | undefined;
}

/** Names the cluster of a record; `null` if nothing does. */
export type ClusterOf = (hints: ClusterHints) => string | null;

/** For an input that is not configured: the given name, else what EKS or the event says. */
export function namedCluster(name: string | null): ClusterOf {
  return ({ logGroup, reported }) => name ?? (logGroup && eksClusterOf(logGroup)) ?? reported ?? null;
}

/**
 * The name configured for the group, the one in an EKS log group's name, what the event says, or `unknown:<group>`.
 * @param ownAccount - the account of the function. In another account a group of the same name belongs to another cluster.
 */
export function clusterOfLogGroup(config: ClusterConfig, ownAccount: string | undefined): ClusterOf {
  return ({ logGroup = '', account, reported }) =>
    configuredForGroup(config, logGroup, account, ownAccount) ??
    eksClusterOf(logGroup) ??
    reported ??
    `unknown:${keyOf(logGroup, account, ownAccount)}`;
}

/** The same for a record of a Kinesis stream, which may name a log group. */
export function clusterOfStream(
  { stream, account: ownAccount }: Extract<Origin, { kind: 'stream' }>,
  config: ClusterConfig,
): ClusterOf {
  return ({ logGroup, account, reported }) =>
    (logGroup && (configuredForGroup(config, logGroup, account, ownAccount) ?? eksClusterOf(logGroup))) ??
    reported ??
    `unknown:${stream}`;
}

/**
 * The name configured for an envelope's log group or for the bucket, what the key pattern finds in the key, the one in an
 * EKS log group's name, what the event says, or `unknown:<bucket>`.
 */
export function clusterOfObject(bucket: string, key: string, config: ClusterConfig): ClusterOf {
  const inKey = clusterInKey(own(config.keyPatterns, bucket), key);
  return ({ logGroup, account, reported }) =>
    (logGroup && configuredForGroup(config, logGroup, account, undefined)) ??
    own(config.buckets, bucket) ??
    inKey ??
    (logGroup && eksClusterOf(logGroup)) ??
    reported ??
    `unknown:${bucket}`;
}

/**
 * Whether a cluster's name is configured, or is given by where the record came from. A name that only the event gives is
 * not: whoever writes the event could choose a new one each time.
 */
export function isConfiguredCluster(
  name: string,
  origin: Origin,
  config: ClusterConfig,
  ownAccount: string | undefined,
): boolean {
  const configured = [...Object.values(config.logGroups), ...Object.values(config.buckets)];
  return configured.includes(name) || name === clusterOfOrigin(origin, config, ownAccount);
}

function clusterOfOrigin(
  origin: Origin,
  config: ClusterConfig,
  ownAccount: string | undefined,
): string | null {
  switch (origin.kind) {
    case 'file':
      return null;
    case 'log-stream':
      return clusterOfLogGroup(config, ownAccount)(origin);
    case 'stream':
      return clusterOfStream(origin, config)({});
    case 'object':
      return clusterOfObject(origin.bucket, origin.key, config)({});
  }
}

function configuredForGroup(
  { logGroups }: ClusterConfig,
  logGroup: string,
  account: string | undefined,
  ownAccount: string | undefined,
): string | undefined {
  return own(logGroups, `${account}:${logGroup}`) ?? own(logGroups, keyOf(logGroup, account, ownAccount));
}

/** A group without an account is taken for one of this account: CloudWatch Logs names the account in each envelope. */
function keyOf(logGroup: string, account: string | undefined, ownAccount: string | undefined): string {
  return account === undefined || account === ownAccount ? logGroup : `${account}:${logGroup}`;
}

function own(names: Readonly<Record<string, string>>, key: string): string | undefined {
  return Object.hasOwn(names, key) ? names[key] : undefined;
}

/** @param pattern - `{cluster}`, or any other name in braces, is a part of the key without a slash */
function clusterInKey(pattern: string | undefined, key: string): string | undefined {
  if (pattern === undefined) return undefined;
  const parts = pattern.split(/(\{[^}]*\})/).map((part) => {
    if (part === '{cluster}') return '(?<cluster>[^/]+)';
    return part.startsWith('{') ? '[^/]+' : part.replace(/[^\w/-]/g, '\\$&');
  });
  return new RegExp(`^${parts.join('')}`).exec(key)?.groups?.['cluster'];
}
