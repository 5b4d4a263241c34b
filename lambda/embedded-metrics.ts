/** What became of one delivery: decompressed bytes, and counts. */
export interface DeliveryCounts {
  readonly Bytes: number;
  readonly SkippedBytes: number;
  readonly Records: number;
  readonly Events: number;
  readonly NotAudit: number;
  /** Of these, records that contain a literal and may hold an event in a shape that is not read. */
  readonly Suspicious: number;
  readonly Rejected: number;
  readonly Findings: number;
  readonly Published: number;
  /** Alerts that a channel had received before. */
  readonly AlreadySent: number;
  readonly PublishFailures: number;
  /** Alerts sent without deduplication, and claims that could not be released, because the table failed. */
  readonly DedupFailures: number;
  /** 1 if the delivery was not read and published completely. */
  readonly Faults: number;
  /** 1 if the object was overwritten before it was read, so that its events are lost. */
  readonly Overwritten?: number;
  /** 1 if the notification was not about an object that was created. */
  readonly IgnoredNotifications?: number;
  /** Certificates on the watch list, as the function knows it. */
  readonly CertificatesFollowed?: number;
  /** Reads and writes of the watch list that failed. */
  readonly WatchListFailed?: number;
  /** Issued certificates that are not followed, because the watch list is full. */
  readonly WatchListFull?: number;
  /** Certificates that were removed from the watch list by hand. */
  readonly WatchListRemovals?: number;
}

export interface Dimensions {
  readonly source: 'logs' | 'objects';
  /** Absent if the delivery holds events of no cluster, of several, or of one whose name only the events give. */
  readonly cluster?: string;
  /** Of a delivered object that looks like an audit log, unless a canary wrote it. */
  readonly bucket?: string;
}

/** The alarms and the dashboard use it too. */
export const metricsNamespace = 'csrwatch';

/** Also counted by cluster. For one cluster each of them costs more than reading its events: see docs/cost.md. */
export const clusterMetrics = ['Events', 'Rejected', 'Findings'] as const satisfies (keyof DeliveryCounts)[];

/** Audit logs that a bucket delivered: buckets share a queue, and each has its own no-data alarm. */
export const bucketMetric = 'Objects';

/** CloudWatch truncates a dimension's value at 1,024 characters and accepts only ASCII. */
const maxDimensionCharacters = 250;

/**
 * One line of CloudWatch's embedded metric format. CloudWatch Logs turns it into metrics: all by source, some by source and
 * cluster, one by bucket.
 * @param nowMs - since the epoch
 */
export function embeddedMetrics(
  counts: Partial<DeliveryCounts>,
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
