import { checkDeadline, type Deadline, OutOfTimeError, remainingMs, untilDeadline } from './deadline.ts';
import { namedMessageOf } from './message-of.ts';
import { type ClusterConfig, clusterOfObject } from './scan/cluster-name.ts';
import type { ScanOptions, ScanReport } from './scan/input.ts';
import { scan } from './scan/scan-input.ts';
import { scanLogData, scanStreamRecord } from './scan/scan-log-data.ts';
import type { Delivery } from './triggers/delivery.ts';
import { type OpenObject, objectInput } from './triggers/s3-object.ts';

/** A delivery that holds an input or names one. */
export type ReadableDelivery = Exclude<Delivery, { kind: 'unknown' | 'no-object' }>;

/** How an input ended: read to its end or to a fault, or not there any more. */
export type Reading =
  | { readonly kind: 'scanned'; readonly report: ScanReport }
  | { readonly kind: 'overwritten' }
  | { readonly kind: 'failed'; readonly reason: string };

/** What it takes to read a delivery. */
export interface ReadingPorts {
  readonly clusters: ClusterConfig;
  readonly region: string | undefined;
  readonly deadline: Deadline;
  readonly openObject: OpenObject;
}

/** @param onWait - called while an object's bytes do not arrive */
export async function readDelivery(
  delivery: ReadableDelivery,
  options: ScanOptions,
  { clusters, region, deadline, openObject }: ReadingPorts,
  onWait: () => Promise<void>,
): Promise<Reading> {
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
        const opened = await openObject(object, AbortSignal.timeout(remainingMs(deadline)));
        if (opened.kind === 'overwritten') return opened;
        const body = untilDeadline(opened.body, deadline, onWait);
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

/** Why the reading is not complete; nothing if it is. */
export function faultsOf(reading: Reading): string[] {
  switch (reading.kind) {
    case 'scanned':
      return reading.report.fault ? [reading.report.fault.reason] : [];
    case 'overwritten':
      return ['the object was overwritten before it was read'];
    case 'failed':
      return [reading.reason];
  }
}

/** The delivery's input, for the log. */
export function sourceOf(delivery: ReadableDelivery): string {
  switch (delivery.kind) {
    case 'log-data':
      return 'CloudWatch Logs';
    case 'stream-record':
      return `Kinesis stream ${delivery.stream.name}`;
    case 'object':
      return `s3://${delivery.object.bucket}/${delivery.object.key}`;
  }
}
