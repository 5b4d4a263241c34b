import type { AuditRecord, Origin } from './audit/audit-record.ts';
import { isCanaryKey } from './canary/canary-event.ts';
import type { DeliveryCounts, Dimensions } from './embedded-metrics.ts';
import type { Outbox } from './outbox.ts';
import type { ReadableDelivery, Reading } from './read-delivery.ts';
import { type ClusterConfig, isConfiguredCluster } from './scan/cluster-name.ts';

/** A notification without content is counted on its own: it does not show that logs still arrive. */
export const ignoredNotification: DeliveryCounts = {
  ...{ Bytes: 0, SkippedBytes: 0, Records: 0, Events: 0, NotAudit: 0, Suspicious: 0, Rejected: 0 },
  ...{ Findings: 0, Published: 0, AlreadySent: 0, PublishFailures: 0, DedupFailures: 0, Faults: 0 },
  IgnoredNotifications: 1,
};

/** What became of a delivery after it was read. */
interface Completion {
  readonly outbox: Outbox;
  readonly isComplete: boolean;
  /** No notice about unread records was due, or it was sent. */
  readonly isNotified: boolean;
}

export function countsOf(reading: Reading, { outbox, isComplete, isNotified }: Completion): DeliveryCounts {
  const report = reading.kind === 'scanned' ? reading.report : undefined;
  return {
    Bytes: report?.bytes ?? 0,
    SkippedBytes: report?.skippedBytes ?? 0,
    Records: report?.records ?? 0,
    Events: report?.events ?? 0,
    NotAudit: report?.notAudit ?? 0,
    Suspicious: report?.suspicious ?? 0,
    Rejected: report?.rejected ?? 0,
    Findings: outbox.findings,
    Published: outbox.published,
    AlreadySent: outbox.alreadySent,
    PublishFailures: outbox.failures.length + (isNotified ? 0 : 1),
    DedupFailures: outbox.dedupFailures,
    Faults: isComplete ? 0 : 1,
    ...(reading.kind === 'overwritten' ? { Overwritten: 1 } : {}),
  };
}

/** @param cluster - the only cluster of the delivery's events */
export function dimensionsOf(
  delivery: ReadableDelivery,
  reading: Reading,
  cluster: string | undefined,
): Dimensions {
  return {
    source: delivery.kind === 'object' ? 'objects' : 'logs',
    ...(cluster === undefined ? {} : { cluster }),
    ...(showsLiveness(delivery, reading) ? { bucket: delivery.object.bucket } : {}),
  };
}

/** An audit log that was announced by a queue shows that logs still arrive; one of a backfill or of a canary does not. */
function showsLiveness(
  delivery: ReadableDelivery,
  reading: Reading,
): delivery is Extract<ReadableDelivery, { kind: 'object' }> {
  return (
    delivery.kind === 'object' &&
    delivery.messageId !== undefined &&
    !isCanaryKey(delivery.object.key) &&
    reading.kind === 'scanned' &&
    reading.report.looksLikeAudit
  );
}

/** The clusters of a delivery's events. Metrics have a cluster only if it is the only one, and configured. */
interface SeenClusters {
  readonly see: (record: AuditRecord) => void;
  readonly only: () => string | undefined;
}

export function seenClusters(delivery: ReadableDelivery, configured: ClusterConfig): SeenClusters {
  const seen = new Map<string, boolean>();
  return {
    see({ cluster, place: { origin } }) {
      // two clusters are no dimension: the others need not be kept
      if (cluster === null || seen.size >= 2 || seen.has(cluster)) return;
      seen.set(cluster, isConfiguredCluster(cluster, origin, configured, ownAccountOf(delivery, origin)));
    },
    only() {
      const [[cluster, isConfigured] = []] = seen;
      return seen.size === 1 && isConfigured ? cluster : undefined;
    },
  };
}

/** The function's account: that of its stream, or of a log group that invokes it. */
function ownAccountOf(delivery: ReadableDelivery, origin: Origin): string | undefined {
  if (delivery.kind === 'stream-record') return delivery.stream.account;
  return origin.kind === 'log-stream' ? origin.account : undefined;
}
