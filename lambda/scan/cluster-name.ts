/** Which cluster writes to which source, as configured. */
export interface ClusterConfig {
  /** By log group name. */
  readonly logGroups: Readonly<Record<string, string>>;
  /** By bucket name. */
  readonly buckets: Readonly<Record<string, string>>;
  /** By bucket name: a pattern such as `{cluster}/{yyyy}/`. */
  readonly keyPatterns: Readonly<Record<string, string>>;
}

/** What a record's surroundings say of its cluster. */
export interface ClusterHints {
  /** The log group that it came from, or that an envelope inside an object names. */
  readonly logGroup?: string | undefined;
  /** A name that the event, or a forwarder around it, carries. */
  readonly reported?: string | undefined;
}

/** Names the cluster of a record; `null` where nothing does. */
export type ClusterOf = (hints: ClusterHints) => string | null;

/** For what comes from nowhere that is configured: the name given, else what EKS or the event says. */
export function namedCluster(name: string | null): ClusterOf {
  return ({ logGroup, reported }) => name ?? (logGroup && eksCluster(logGroup)) ?? reported ?? null;
}

/** The name configured for the group, what EKS puts into its name, what the event says, or `unknown:<group>`. */
export function clusterOfLogGroup(config: ClusterConfig): ClusterOf {
  return ({ logGroup = '', reported }) =>
    own(config.logGroups, logGroup) ?? eksCluster(logGroup) ?? reported ?? `unknown:${logGroup}`;
}

/**
 * The name configured for an envelope's log group or for the bucket, what the key pattern finds in the key, what EKS
 * puts into the log group's name, what the event says, or `unknown:<bucket>`.
 */
export function clusterOfObject(bucket: string, key: string, config: ClusterConfig): ClusterOf {
  const inKey = clusterInKey(own(config.keyPatterns, bucket), key);
  return ({ logGroup, reported }) =>
    (logGroup && own(config.logGroups, logGroup)) ??
    own(config.buckets, bucket) ??
    inKey ??
    (logGroup && eksCluster(logGroup)) ??
    reported ??
    `unknown:${bucket}`;
}

function eksCluster(logGroup: string): string | undefined {
  return /^\/aws\/eks\/([^/]+)\/cluster$/.exec(logGroup)?.[1];
}

function own(names: Readonly<Record<string, string>>, key: string): string | undefined {
  return Object.hasOwn(names, key) ? names[key] : undefined;
}

/** @param pattern - `{cluster}` is a part of the key without a slash, so is any other name in braces */
function clusterInKey(pattern: string | undefined, key: string): string | undefined {
  if (pattern === undefined) return undefined;
  const parts = pattern.split(/(\{[^}]*\})/).map((part) => {
    if (part === '{cluster}') return '(?<cluster>[^/]+)';
    return part.startsWith('{') ? '[^/]+' : part.replace(/[^\w/-]/g, '\\$&');
  });
  return new RegExp(`^${parts.join('')}`).exec(key)?.groups?.['cluster'];
}
