/** What one delivery came to. Bytes are unpacked ones, all else are counts. */
export interface DeliveryCounts {
  readonly Bytes: number;
  readonly SkippedBytes: number;
  readonly Records: number;
  readonly Events: number;
  readonly NotAudit: number;
  readonly Rejected: number;
  readonly Findings: number;
  readonly Published: number;
  /** Pages that a channel had before. */
  readonly AlreadySent: number;
  readonly PublishFailures: number;
  /** Pages that went out unremembered, and claims that stayed behind, since the table failed. */
  readonly DedupFailures: number;
  /** 1 where the delivery was handed back. */
  readonly Faults: number;
}

export interface Dimensions {
  /** The road. */
  readonly source: 'logs' | 'objects';
  /** Absent where the delivery holds events of no cluster, or of several. */
  readonly cluster?: string;
  /** Of a delivered object, whatever came of it, unless a canary wrote it. */
  readonly bucket?: string;
}

/** The alarms and the dashboard name it too. */
export const metricsNamespace = 'csrwatch';

/** What is counted by cluster too. Each costs as much for a cluster as reading its events does in years: see docs/cost.md. */
export const clusterMetrics = ['Events', 'Rejected', 'Findings'] as const satisfies (keyof DeliveryCounts)[];

/** Deliveries of a bucket, so that a silent one is heard though buckets share a queue. */
export const bucketMetric = 'Objects';

/** CloudWatch cuts a dimension's value at 1,024 characters, and takes ASCII alone. */
const maxDimensionCharacters = 250;

/**
 * One line of CloudWatch's embedded metric format: the log service makes metrics of it, all of them by source, some by
 * source and cluster, one by bucket.
 * @param nowMs - since the epoch
 */
export function embeddedMetrics(
  counts: DeliveryCounts,
  { source, cluster, bucket }: Dimensions,
  nowMs: number,
): string {
  const named = cluster?.replace(/[^\x20-\x7e]/g, '?').slice(0, maxDimensionCharacters);
  return JSON.stringify({
    _aws: {
      Timestamp: nowMs,
      CloudWatchMetrics: [
        directive(['Source'], Object.keys(counts)),
        ...(named ? [directive(['Source', 'Cluster'], clusterMetrics)] : []),
        ...(bucket ? [directive(['Bucket'], [bucketMetric])] : []),
      ],
    },
    Source: source,
    ...(named ? { Cluster: named } : {}),
    ...(bucket ? { Bucket: bucket, [bucketMetric]: 1 } : {}),
    ...counts,
  });
}

function directive(dimensions: readonly string[], names: readonly string[]) {
  return {
    Namespace: metricsNamespace,
    Dimensions: [dimensions],
    Metrics: names.map((name) => ({ Name: name, Unit: name.endsWith('Bytes') ? 'Bytes' : 'Count' })),
  };
}
