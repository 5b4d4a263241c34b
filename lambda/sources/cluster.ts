/** Which cluster writes to which source, as configured. */
export interface ClusterConfig {
  /** By log group name. */
  readonly logGroups: Readonly<Record<string, string>>;
  /** By bucket name. */
  readonly buckets: Readonly<Record<string, string>>;
  /** By bucket name: a pattern such as `{cluster}/{yyyy}/`. */
  readonly keyPatterns: Readonly<Record<string, string>>;
}

/** The name configured for the group, else what EKS puts into the group's name. */
export function clusterOfLogGroup(logGroup: string, config?: ClusterConfig): string | undefined {
  const configured =
    config && Object.hasOwn(config.logGroups, logGroup) ? config.logGroups[logGroup] : undefined;
  return configured ?? /^\/aws\/eks\/([^/]+)\/cluster$/.exec(logGroup)?.[1];
}

/** The name configured for the bucket, else what its key pattern finds in the key. */
export function clusterOfObject(bucket: string, key: string, config: ClusterConfig): string | undefined {
  if (Object.hasOwn(config.buckets, bucket)) return config.buckets[bucket];
  const pattern = Object.hasOwn(config.keyPatterns, bucket) ? config.keyPatterns[bucket] : undefined;
  if (pattern === undefined) return undefined;
  const source = pattern
    .split(/(\{[^}]*\})/)
    .map((part) =>
      part === '{cluster}'
        ? '(?<cluster>[^/]+)'
        : /^\{/.test(part)
          ? '[^/]+'
          : part.replace(/[^\w/-]/g, '\\$&'),
    );
  return new RegExp(`^${source.join('')}`).exec(key)?.groups?.['cluster'];
}
