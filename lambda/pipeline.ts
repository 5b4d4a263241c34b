import type { PublishReport } from './channels/publish.ts';
import type { Detector } from './detector.ts';
import type { Finding } from './findings/finding.ts';
import type { Log } from './log.ts';
import type { DeliveryCounts, Dimensions } from './metrics.ts';
import { type ClusterConfig, clusterOfObject } from './sources/cluster.ts';
import type { ScanOptions, ScanReport } from './sources/input.ts';
import { scanLogData } from './sources/log-data.ts';
import { type OpenObject, objectInput } from './sources/s3-object.ts';
import { scan } from './sources/scan.ts';
import type { Delivery } from './sources/trigger.ts';

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

export type DeliveryResult = { readonly ok: true } | { readonly ok: false; readonly reason: string };

type Readable = Exclude<Delivery, { kind: 'unknown' }>;

/** Findings held before they are published: a flood of them doesn't grow with the object. */
const heldFindings = 500;
/** Rejected records that are logged of one delivery; the metric counts all. */
const loggedRejections = 10;

/**
 * Scans one delivery and publishes what it finds. Not ok means: hand it back, trying again can help or the
 * dead letters must have it. What could be read was evaluated and published all the same.
 */
export async function runDelivery(delivery: Delivery, ports: Ports): Promise<DeliveryResult> {
  if (delivery.kind === 'unknown') return { ok: false, reason: delivery.reason };
  const outbox = new Outbox(ports);
  const clusters = new Set<string>();
  const options: ScanOptions = {
    needles: ports.detector.needles,
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
  const [cluster] = clusters;
  ports.measure(countsOf(report, outbox, failed.length > 0), {
    source: delivery.kind === 'object' ? 'objects' : 'logs',
    ...(cluster !== undefined && clusters.size === 1 ? { cluster } : {}),
  });
  const source = sourceOf(delivery);
  for (const { place, reason } of report?.rejections.slice(0, loggedRejections) ?? []) {
    ports.log('warn', 'rejected', { source, place, reason });
  }
  if (failed.length === 0) return { ok: true };
  ports.log('error', 'handed back', { source, reasons: failed });
  return { ok: false, reason: `${source}: ${failed.join('; ')}` };
}

/** Findings on their way to the channels, and what became of them. */
class Outbox {
  findings = 0;
  published = 0;
  readonly failures: string[] = [];
  private held: Finding[] = [];
  private readonly ports: Ports;

  constructor(ports: Ports) {
    this.ports = ports;
  }

  async add(found: readonly Finding[]): Promise<void> {
    this.held.push(...found);
    if (this.held.length >= heldFindings) await this.flush();
  }

  async flush(): Promise<void> {
    const batch = this.held;
    this.held = [];
    if (batch.length === 0) return;
    this.findings += batch.length;
    const { published, failures } = await this.ports.publish(batch);
    this.published += published;
    this.failures.push(...failures.map(({ topicArn, reason }) => `publishing to ${topicArn}: ${reason}`));
  }
}

function countsOf(report: ScanReport | undefined, outbox: Outbox, handedBack: boolean): DeliveryCounts {
  return {
    Bytes: report?.bytes ?? 0,
    PassedOverBytes: report?.passedOverBytes ?? 0,
    Records: report?.records ?? 0,
    Events: report?.events ?? 0,
    NotAudit: report?.notAudit ?? 0,
    Rejected: report?.rejected ?? 0,
    Findings: outbox.findings,
    Published: outbox.published,
    PublishFailures: outbox.failures.length,
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
