import type { PublishReport } from './channels/publish.ts';
import type { Detector } from './detector.ts';
import type { Finding } from './findings/finding.ts';
import type { Log } from './log.ts';
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
}

export type DeliveryResult = { readonly ok: true } | { readonly ok: false; readonly reason: string };

/** Findings held before they are published: a flood of them doesn't grow with the object. */
const heldFindings = 500;

/**
 * Scans one delivery and publishes what it finds. Not ok means: hand it back, trying again can help or the
 * dead letters must have it. What could be read was evaluated and published all the same.
 */
export async function runDelivery(delivery: Delivery, ports: Ports): Promise<DeliveryResult> {
  if (delivery.kind === 'unknown') return { ok: false, reason: delivery.reason };
  const reasons: string[] = [];
  let held: Finding[] = [];
  let findings = 0;
  const flush = async () => {
    const batch = held;
    held = [];
    findings += batch.length;
    if (batch.length === 0) return;
    const { failures } = await ports.publish(batch);
    reasons.push(...failures.map(({ topicArn, reason }) => `publishing to ${topicArn}: ${reason}`));
  };
  const options: ScanOptions = {
    needles: ports.detector.needles,
    onRecord: (record) => {
      const evaluated = ports.detector.evaluate(record);
      return evaluated?.then(async (found) => {
        held.push(...found);
        if (held.length >= heldFindings) await flush();
      });
    },
  };
  const source = sourceOf(delivery);
  try {
    const report = await scanned(delivery, options, ports);
    await flush();
    if (report.fault) reasons.push(report.fault.reason);
    logReport(source, report, findings, ports.log);
  } catch (error) {
    await flush();
    reasons.push(error instanceof Error ? `${error.name}: ${error.message}` : String(error));
  }
  if (reasons.length === 0) return { ok: true };
  const reason = `${source}: ${[...new Set(reasons)].join('; ')}`;
  ports.log('error', 'handed back', { source, reasons: [...new Set(reasons)] });
  return { ok: false, reason };
}

type Readable = Exclude<Delivery, { kind: 'unknown' }>;

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

function logReport(source: string, report: ScanReport, findings: number, log: Log): void {
  const { rejections, fault: _, ...counts } = report;
  log('info', 'scanned', { source, ...counts, findings });
  for (const { place, reason } of rejections.slice(0, 10)) log('warn', 'rejected', { source, place, reason });
}
