import { checkDeadline } from './deadline.ts';
import { logDedupFailures, logUnread } from './delivery-log.ts';
import { countsOf, dimensionsOf, ignoredNotification, seenClusters } from './delivery-metrics.ts';
import type { Detector } from './detector.ts';
import type { DeliveryCounts, Dimensions } from './embedded-metrics.ts';
import type { Finding } from './findings/finding.ts';
import type { DeliveryFollower } from './follow/delivery-follower.ts';
import { noLiterals } from './framing/prefilter.ts';
import type { Log } from './log.ts';
import { noticeOf, type UnreadNotice } from './notices/unread-notice.ts';
import type { ShortFinding } from './object-result.ts';
import { Outbox, type Publish } from './outbox.ts';
import {
  faultsOf,
  type ReadableDelivery,
  type ReadingPorts,
  readDelivery,
  sourceOf,
} from './read-delivery.ts';
import type { ScanOptions } from './scan/input.ts';
import type { Delivery } from './triggers/delivery.ts';

/** What it takes to turn a delivery into alerts. */
export interface Ports extends ReadingPorts {
  readonly detector: Detector;
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

/**
 * Scans one delivery and publishes what it finds. If the result is not ok, what could be read was evaluated and published
 * all the same; the delivery is to be returned for retry if that can help.
 */
export async function runDelivery(delivery: Delivery, ports: Ports): Promise<DeliveryResult> {
  switch (delivery.kind) {
    case 'unknown':
      return { ok: false, reason: delivery.reason, retry: true };
    case 'no-object':
      ports.measure(ignoredNotification, { source: 'objects' });
      ports.log('info', 'notification ignored', { eventName: delivery.eventName });
      return { ok: true, counts: ignoredNotification, found: [] };
    case 'log-data':
    case 'stream-record':
    case 'object':
      return runReadable(delivery, ports);
  }
}

async function runReadable(delivery: ReadableDelivery, ports: Ports): Promise<DeliveryResult> {
  const { detector, deadline, log } = ports;
  const publishes = delivery.kind !== 'object' || delivery.alerts;
  const outbox = new Outbox(publishes ? ports.publish : undefined, deadline.now, log);
  const clusters = seenClusters(delivery, ports.clusters);
  const follower = await ports.follower(publishes);
  const onProgress = async () => {
    checkDeadline(deadline);
    await outbox.flushIfDue();
  };
  const read = (options: ScanOptions) => readDelivery(delivery, options, ports, () => outbox.flushIfDue());
  const uses = follower?.uses;
  const reading = await read({
    literals: detector.literals,
    ...(uses ? { checked: uses } : {}),
    onProgress,
    onRecord: (record) => {
      clusters.see(record);
      follower?.use(record);
      const found = detector.evaluate(record);
      return found || follower?.isFull ? take(found, outbox, follower) : undefined;
    },
  });
  const again =
    follower?.hasIssued && reading.kind === 'scanned'
      ? await read(usesOfIssued(follower, outbox, onProgress))
      : undefined;
  if (follower) await outbox.add(await follower.findings());
  await outbox.flush();

  const report = reading.kind === 'scanned' ? reading.report : undefined;
  const faults = [...faultsOf(reading), ...(again ? faultsOf(again) : [])];
  const failures = failuresOf(faults, follower, outbox);
  const notice = publishes && report ? noticeOf(report.unread) : undefined;
  const isNotified = notice === undefined || (await ports.notify(notice));
  const counts = {
    ...countsOf(reading, { outbox, isComplete: failures.length === 0, isNotified }),
    ...follower?.counts,
  };
  ports.measure(counts, dimensionsOf(delivery, reading, clusters.only()));
  const source = sourceOf(delivery);
  if (report) logUnread(log, source, report);
  logDedupFailures(log, source, outbox);
  if (failures.length === 0) return { ok: true, counts, found: outbox.found };
  // the content that the notification was about is gone; the new content has a notification of its own
  const retry = reading.kind !== 'overwritten';
  log('error', retry ? 'returned for retry' : 'object overwritten', { source, reasons: failures });
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

/** Why a delivery must be returned for retry: each reason once. */
function failuresOf(
  faults: readonly string[],
  follower: DeliveryFollower | undefined,
  outbox: Outbox,
): string[] {
  const failures = [...new Set([...faults, ...(follower?.failures ?? []), ...outbox.failures])];
  if (outbox.leasedElsewhere > 0)
    failures.push(`another invocation is sending ${outbox.leasedElsewhere} of its alerts`);
  return failures;
}
