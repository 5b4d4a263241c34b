import type { PublishReport } from './alerts/publishing/publish-findings.ts';
import { isCanaryKey } from './canary/canary-event.ts';
import type { Detector } from './detector.ts';
import type { Finding } from './findings/finding.ts';
import type { Log } from './log.ts';
import type { DeliveryCounts, Dimensions } from './metrics.ts';
import { listedFindings, type ShortFinding, shortFinding } from './object-result.ts';
import { type ClusterConfig, clusterOfObject } from './scan/cluster-name.ts';
import type { ScanOptions, ScanReport } from './scan/input.ts';
import { scan } from './scan/scan-input.ts';
import { scanLogData } from './scan/scan-log-delivery.ts';
import type { Delivery } from './triggers/recognize-trigger.ts';
import { type OpenObject, objectInput } from './triggers/s3-object.ts';

/** What the road from a delivery to a page needs. */
export interface Ports {
  readonly detector: Detector;
  readonly clusters: ClusterConfig;
  readonly region: string | undefined;
  readonly openObject: OpenObject;
  readonly publish: (findings: readonly Finding[]) => Promise<PublishReport>;
  readonly log: Log;
  readonly measure: (counts: DeliveryCounts, dimensions: Dimensions) => void;
}

export type DeliveryResult =
  | { readonly ok: true; readonly counts: DeliveryCounts; readonly found: readonly ShortFinding[] }
  | { readonly ok: false; readonly reason: string };

type Readable = Exclude<Delivery, { kind: 'unknown' }>;

/** Findings that wait before they are published together: a flood of them doesn't grow with the object. */
const waitingFindings = 500;
/** Rejected records that are logged of one delivery; the metric counts all. */
const loggedRejections = 10;

/**
 * Scans one delivery and publishes what it finds. Not ok means: hand it back, trying again can help or the
 * dead letters must have it. What could be read was evaluated and published all the same.
 */
export async function runDelivery(delivery: Delivery, ports: Ports): Promise<DeliveryResult> {
  if (delivery.kind === 'unknown') return { ok: false, reason: delivery.reason };
  const alerts = delivery.kind === 'log-data' || delivery.alerts;
  const outbox = new Outbox(alerts ? ports.publish : undefined);
  const clusters = new Set<string>();
  const options: ScanOptions = {
    literals: ports.detector.literals,
    onRecord: (record) => {
      if (record.cluster !== null) clusters.add(record.cluster);
      return ports.detector.evaluate(record)?.then((found) => outbox.add(found));
    },
  };
  let report: ScanReport | undefined;
  const reasons: string[] = [];
  try {
    report = await scanned(delivery, options, ports);
    if (report.fault) reasons.push(report.fault.reason);
  } catch (error) {
    reasons.push(error instanceof Error ? `${error.name}: ${error.message}` : String(error));
  }
  await outbox.flush();
  const failed = [...new Set([...reasons, ...outbox.failures])];
  if (outbox.held > 0) failed.push(`another function is sending pages of it: ${outbox.held}`);
  const [cluster] = clusters;
  const counts = countsOf(report, outbox, failed.length > 0);
  ports.measure(counts, {
    source: delivery.kind === 'object' ? 'objects' : 'logs',
    ...(cluster !== undefined && clusters.size === 1 ? { cluster } : {}),
    ...(delivery.kind === 'object' && isSignOfLife(delivery) ? { bucket: delivery.object.bucket } : {}),
  });
  const source = sourceOf(delivery);
  for (const { place, reason } of report?.rejections.slice(0, loggedRejections) ?? []) {
    ports.log('warn', 'rejected', { source, place, reason });
  }
  if (outbox.dedupFailures > 0) {
    ports.log('warn', 'went out without the memory of what was paged', {
      source,
      pages: outbox.dedupFailures,
      reasons: [...outbox.dedupReasons],
    });
  }
  if (failed.length === 0) return { ok: true, counts, found: outbox.found };
  ports.log('error', 'handed back', { source, reasons: failed });
  return { ok: false, reason: `${source}: ${failed.join('; ')}` };
}

/** A queue told of it as new; a canary, or an object of the past, says nothing of whether logs still come. */
function isSignOfLife({ object, messageId }: Extract<Delivery, { kind: 'object' }>): boolean {
  return messageId !== undefined && !isCanaryKey(object.key);
}

/** Findings on their way to the channels, and what became of them. */
class Outbox {
  findings = 0;
  published = 0;
  alreadySent = 0;
  /** Pages that another function is sending. */
  held = 0;
  dedupFailures = 0;
  readonly dedupReasons = new Set<string>();
  readonly failures: string[] = [];
  /** The first of the findings. */
  readonly found: ShortFinding[] = [];
  private waiting: Finding[] = [];
  private readonly publish: Ports['publish'] | undefined;

  /** @param publish - absent where nobody is to be paged */
  constructor(publish: Ports['publish'] | undefined) {
    this.publish = publish;
  }

  async add(found: readonly Finding[]): Promise<void> {
    this.findings += found.length;
    this.found.push(...found.slice(0, listedFindings - this.found.length).map(shortFinding));
    if (this.publish === undefined) return;
    this.waiting.push(...found);
    if (this.waiting.length >= waitingFindings) await this.flush();
  }

  async flush(): Promise<void> {
    const batch = this.waiting;
    this.waiting = [];
    if (batch.length === 0 || this.publish === undefined) return;
    const report = await this.publish(batch);
    this.published += report.published;
    this.alreadySent += report.alreadySent;
    this.held += report.held;
    this.dedupFailures += report.dedupFailures.length;
    for (const reason of report.dedupFailures) this.dedupReasons.add(reason);
    this.failures.push(
      ...report.failures.map(({ topicArn, reason }) => `publishing to ${topicArn}: ${reason}`),
    );
  }
}

function countsOf(report: ScanReport | undefined, outbox: Outbox, handedBack: boolean): DeliveryCounts {
  return {
    Bytes: report?.bytes ?? 0,
    SkippedBytes: report?.skippedBytes ?? 0,
    Records: report?.records ?? 0,
    Events: report?.events ?? 0,
    NotAudit: report?.notAudit ?? 0,
    Rejected: report?.rejected ?? 0,
    Findings: outbox.findings,
    Published: outbox.published,
    AlreadySent: outbox.alreadySent,
    PublishFailures: outbox.failures.length,
    DedupFailures: outbox.dedupFailures,
    Faults: handedBack ? 1 : 0,
  };
}

function scanned(delivery: Readable, options: ScanOptions, ports: Ports): Promise<ScanReport> {
  switch (delivery.kind) {
    case 'log-data':
      return scanLogData(delivery.packed, ports.clusters, ports.region, options);
    case 'object': {
      const { bucket, key } = delivery.object;
      const cluster = clusterOfObject(bucket, key, ports.clusters);
      return scan(objectInput(delivery.object, cluster, ports.openObject), options);
    }
  }
}

function sourceOf(delivery: Readable): string {
  switch (delivery.kind) {
    case 'log-data':
      return 'CloudWatch Logs';
    case 'object':
      return `s3://${delivery.object.bucket}/${delivery.object.key}`;
  }
}
