import type { Origin } from './audit/audit-record.ts';
import { isCanaryKey } from './canary/canary-event.ts';
import { checkDeadline, type Deadline, OutOfTimeError, remainingMs, untilDeadline } from './deadline.ts';
import type { Detector } from './detector.ts';
import type { Finding } from './findings/finding.ts';
import type { DeliveryFollower } from './follow/delivery-follower.ts';
import { noLiterals } from './framing/prefilter.ts';
import type { Log } from './log.ts';
import { namedMessageOf } from './message-of.ts';
import type { DeliveryCounts, Dimensions } from './metrics.ts';
import { noticeOf, type UnreadNotice } from './notices/unread-notice.ts';
import type { ShortFinding } from './object-result.ts';
import { Outbox, type Publish } from './outbox.ts';
import { type ClusterConfig, clusterOfObject, isConfiguredCluster } from './scan/cluster-name.ts';
import type { ScanOptions, ScanReport } from './scan/input.ts';
import { scan } from './scan/scan-input.ts';
import { scanLogData, scanStreamRecord } from './scan/scan-log-data.ts';
import type { Delivery } from './triggers/delivery.ts';
import { type OpenObject, objectInput } from './triggers/s3-object.ts';

/** What it takes to turn a delivery into alerts. */
export interface Ports {
  readonly detector: Detector;
  readonly clusters: ClusterConfig;
  readonly region: string | undefined;
  readonly deadline: Deadline;
  readonly openObject: OpenObject;
  readonly publish: Publish;
  /**
   * Follows certificates in one delivery.
   * @param stores - whether what is found is stored
   * @returns nothing if no certificates are followed
   */
  readonly follower: (stores: boolean) => Promise<DeliveryFollower | undefined>;
  /** Reports records that no rule could be evaluated on. @returns false if that failed */
  readonly notify: (notice: UnreadNotice) => Promise<boolean>;
  readonly log: Log;
  readonly measure: (counts: Partial<DeliveryCounts>, dimensions: Dimensions) => void;
}

export type DeliveryResult =
  | { readonly ok: true; readonly counts: DeliveryCounts; readonly found: readonly ShortFinding[] }
  /** `retry`: whether reading the same delivery again can help. */
  | { readonly ok: false; readonly reason: string; readonly retry: boolean };

type Readable = Exclude<Delivery, { kind: 'unknown' | 'no-object' }>;

/** How an input ended: read to its end or to a fault, or not there any more. */
type Reading =
  | { readonly kind: 'scanned'; readonly report: ScanReport }
  | { readonly kind: 'overwritten' }
  | { readonly kind: 'failed'; readonly reason: string };

/** Rejected records, and suspicious ones, that are logged per delivery; the metrics count all. */
const loggedRecords = 10;

/**
 * Scans one delivery and publishes what it finds. If the result is not ok, what could be read was evaluated and published
 * all the same; the delivery is to be returned for retry if that can help.
 */
export async function runDelivery(delivery: Delivery, ports: Ports): Promise<DeliveryResult> {
  switch (delivery.kind) {
    case 'unknown':
      return { ok: false, reason: delivery.reason, retry: true };
    case 'no-object':
      return acknowledge(delivery.eventName, ports);
    case 'log-data':
    case 'stream-record':
    case 'object':
      return runReadable(delivery, ports);
  }
}

/** A notification without content is counted on its own: it does not show that logs still arrive. */
function acknowledge(eventName: string, ports: Ports): DeliveryResult {
  const counts = { ...countsOf(undefined, new Outbox(undefined, ports.deadline.now, ports.log), false) };
  const ignored: DeliveryCounts = { ...counts, IgnoredNotifications: 1 };
  ports.measure(ignored, { source: 'objects' });
  ports.log('info', 'notification ignored', { eventName });
  return { ok: true, counts: ignored, found: [] };
}

async function runReadable(delivery: Readable, ports: Ports): Promise<DeliveryResult> {
  const publishes = delivery.kind !== 'object' || delivery.alerts;
  const outbox = new Outbox(publishes ? ports.publish : undefined, ports.deadline.now, ports.log);
  const clusters = new Map<string, boolean>();
  const follower = await ports.follower(publishes);
  const uses = follower?.uses;
  const onProgress = async () => {
    checkDeadline(ports.deadline);
    await outbox.flushIfDue();
  };
  const options: ScanOptions = {
    literals: ports.detector.literals,
    ...(uses ? { checked: uses } : {}),
    onProgress,
    onRecord: (record) => {
      const { cluster, place } = record;
      // more than one cluster is no dimension: the others need not be kept
      if (cluster !== null && clusters.size < 2 && !clusters.has(cluster)) {
        const ownAccount = ownAccountOf(delivery, place.origin);
        clusters.set(cluster, isConfiguredCluster(cluster, place.origin, ports.clusters, ownAccount));
      }
      follower?.use(record);
      const found = ports.detector.evaluate(record);
      return found || follower?.isFull ? take(found, outbox, follower) : undefined;
    },
  };
  const reading = await read(delivery, options, outbox, ports);
  const again =
    follower?.hasIssued && reading.kind === 'scanned'
      ? await read(delivery, usesOfIssued(follower, outbox, onProgress), outbox, ports)
      : undefined;
  if (follower) await outbox.add(await follower.findings());
  await outbox.flush();
  const report = reading.kind === 'scanned' ? reading.report : undefined;
  const failures = [
    ...new Set([
      ...reasonsOf(reading),
      ...(again ? reasonsOf(again) : []),
      ...(follower?.failures ?? []),
      ...outbox.failures,
    ]),
  ];
  if (outbox.leasedElsewhere > 0)
    failures.push(`another invocation is sending ${outbox.leasedElsewhere} of its alerts`);
  const notice = publishes && report ? noticeOf(report.unread) : undefined;
  const isNotified = notice === undefined || (await ports.notify(notice));
  const counted = countsOf(report, outbox, failures.length > 0);
  const counts = {
    ...counted,
    PublishFailures: counted.PublishFailures + (isNotified ? 0 : 1),
    ...(reading.kind === 'overwritten' ? { Overwritten: 1 } : {}),
    ...follower?.counts,
  };
  const [[cluster, isConfigured] = []] = clusters;
  ports.measure(counts, {
    source: delivery.kind === 'object' ? 'objects' : 'logs',
    ...(cluster !== undefined && isConfigured && clusters.size === 1 ? { cluster } : {}),
    ...(showsLiveness(delivery, reading) ? { bucket: delivery.object.bucket } : {}),
  });
  const source = sourceOf(delivery);
  for (const { place, reason } of report?.rejections.slice(0, loggedRecords) ?? []) {
    ports.log('warn', 'record rejected', { source, place, reason });
  }
  for (const { place, reason } of report?.suspicions.slice(0, loggedRecords) ?? []) {
    ports.log('warn', 'record suspicious', { source, place, reason });
  }
  if (outbox.dedupFailures > 0) {
    ports.log('warn', 'sent without deduplication', {
      source,
      alerts: outbox.dedupFailures,
      reasons: [...outbox.dedupReasons],
    });
  }
  if (failures.length === 0) return { ok: true, counts, found: outbox.found };
  // the content that the notification was about is gone; the new content has a notification of its own
  const retry = reading.kind !== 'overwritten';
  ports.log('error', retry ? 'returned for retry' : 'object overwritten', { source, reasons: failures });
  return { ok: false, reason: `${source}: ${failures.join('; ')}`, retry };
}

async function take(
  found: Promise<Finding[]> | undefined,
  outbox: Outbox,
  follower: DeliveryFollower | undefined,
): Promise<void> {
  if (found) {
    const findings = await found;
    await outbox.add(findings);
    await follower?.addIssued(findings);
  }
  if (follower?.isFull) await outbox.add(await follower.findings());
}

/** How a delivery is read again for the uses of the certificates that it issued. */
function usesOfIssued(
  follower: DeliveryFollower,
  outbox: Outbox,
  onProgress: () => Promise<void>,
): ScanOptions {
  return {
    literals: noLiterals,
    checked: follower.usesOfIssued,
    onProgress,
    onRecord: (record) => {
      follower.useOfIssued(record);
      return follower.isFull ? take(undefined, outbox, follower) : undefined;
    },
  };
}

/** The function's account: that of its stream, or of a log group that invokes it. */
function ownAccountOf(delivery: Readable, origin: Origin): string | undefined {
  if (delivery.kind === 'stream-record') return delivery.stream.account;
  return origin.kind === 'log-stream' ? origin.account : undefined;
}

async function read(
  delivery: Readable,
  options: ScanOptions,
  outbox: Outbox,
  ports: Ports,
): Promise<Reading> {
  const { clusters, region, deadline } = ports;
  try {
    checkDeadline(deadline);
    switch (delivery.kind) {
      case 'log-data':
        return scanned(await scanLogData(delivery.packed, { clusters, region }, options));
      case 'stream-record': {
        const { name: stream, ...owner } = delivery.stream;
        const origin = { kind: 'stream', stream, ...owner } as const;
        const sequenceNumber = delivery.messageId ?? '';
        return scanned(
          await scanStreamRecord(delivery.data, origin, sequenceNumber, { clusters, region }, options),
        );
      }
      case 'object': {
        const { object } = delivery;
        const opened = await ports.openObject(object, AbortSignal.timeout(remainingMs(deadline)));
        if (opened.kind === 'overwritten') return opened;
        const body = untilDeadline(opened.body, deadline, () => outbox.flushIfDue());
        const cluster = clusterOfObject(object.bucket, object.key, clusters);
        return scanned(await scan(objectInput(object, cluster, body), options));
      }
    }
  } catch (error) {
    return {
      kind: 'failed',
      reason: error instanceof OutOfTimeError ? error.message : namedMessageOf(error),
    };
  }
}

function scanned(report: ScanReport): Reading {
  return { kind: 'scanned', report };
}

function reasonsOf(reading: Reading): string[] {
  switch (reading.kind) {
    case 'scanned':
      return reading.report.fault ? [reading.report.fault.reason] : [];
    case 'overwritten':
      return ['the object was overwritten before it was read'];
    case 'failed':
      return [reading.reason];
  }
}

/** An audit log that was announced by a queue shows that logs still arrive; one of a backfill or of a canary does not. */
function showsLiveness(
  delivery: Readable,
  reading: Reading,
): delivery is Extract<Readable, { kind: 'object' }> {
  return (
    delivery.kind === 'object' &&
    delivery.messageId !== undefined &&
    !isCanaryKey(delivery.object.key) &&
    reading.kind === 'scanned' &&
    reading.report.looksLikeAudit
  );
}

function countsOf(report: ScanReport | undefined, outbox: Outbox, failed: boolean): DeliveryCounts {
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
    PublishFailures: outbox.failures.length,
    DedupFailures: outbox.dedupFailures,
    Faults: failed ? 1 : 0,
  };
}

function sourceOf(delivery: Readable): string {
  switch (delivery.kind) {
    case 'log-data':
      return 'CloudWatch Logs';
    case 'stream-record':
      return `Kinesis stream ${delivery.stream.name}`;
    case 'object':
      return `s3://${delivery.object.bucket}/${delivery.object.key}`;
  }
}
