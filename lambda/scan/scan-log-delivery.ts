import { gunzipSync } from 'node:zlib';
import type { Origin } from '../audit/audit-record.ts';
import { clusterIn, recognizeText } from '../audit/recognize-event.ts';
import { candidateSearch } from '../framing/prefilter.ts';
import { at, numberAt, stringAt } from '../json/read-json.ts';
import type { ClusterConfig } from './cluster-name.ts';
import { clusterOfLogGroup } from './cluster-name.ts';
import type { Rejection, ScanOptions, ScanReport } from './input.ts';

/** CloudWatch Logs packs at most 1 MB into a delivery; what unpacks past this is no delivery of its. */
const maxUnpackedBytes = 256 * 2 ** 20;

/** All are counted. */
const listedRejections = 100;

/**
 * Scans the payload of a CloudWatch Logs subscription: gzip of one JSON envelope. Where it holds no
 * candidate it is not even parsed.
 * @throws where it isn't gzip, or isn't such an envelope.
 */
export async function scanLogData(
  packed: Buffer,
  clusters: ClusterConfig,
  region: string | undefined,
  options: ScanOptions,
): Promise<ScanReport> {
  const bytes = gunzipSync(packed, { maxOutputLength: maxUnpackedBytes, chunkSize: chunkSizeFor(packed) });
  const counts = { bytes: bytes.length, skippedBytes: 0, records: 0, events: 0, notAudit: 0, rejected: 0 };
  const rejections: Rejection[] = [];
  if (candidateSearch(options.literals)(bytes, 0) < 0) {
    return { ...counts, skippedBytes: bytes.length, rejections };
  }
  const envelope: unknown = JSON.parse(bytes.toString('utf8'));
  if (stringAt(envelope, 'messageType') === 'CONTROL_MESSAGE') return { ...counts, rejections };
  const logEvents = at(envelope, 'logEvents');
  if (!Array.isArray(logEvents)) throw new Error('the CloudWatch Logs payload has no logEvents');
  const origin = originOf(envelope, region);
  const clusterOf = clusterOfLogGroup(clusters);
  for (const logEvent of logEvents) {
    const logEventId = stringAt(logEvent, 'id');
    const logEventTimestamp = numberAt(logEvent, 'timestamp');
    const place = {
      origin,
      ...(logEventId === undefined ? {} : { logEventId }),
      ...(logEventTimestamp === undefined ? {} : { logEventTimestamp }),
    };
    for (const found of recognizeText(stringAt(logEvent, 'message') ?? '')) {
      counts.records += 1;
      switch (found.kind) {
        case 'event': {
          counts.events += 1;
          const reported = clusterIn(at(logEvent, 'extractedFields')) ?? found.cluster;
          const cluster = clusterOf({ logGroup: origin.logGroup, reported });
          await options.onRecord({ event: found.event, format: found.format, cluster, place });
          break;
        }
        case 'not-audit':
          counts.notAudit += 1;
          break;
        case 'unreadable':
          counts.rejected += 1;
          if (rejections.length < listedRejections) rejections.push({ place, reason: found.reason });
          break;
      }
    }
  }
  return { ...counts, rejections };
}

const smallestChunk = 2 ** 14;
const largestChunk = 2 ** 23;

/** The length that a gzip says at its end, and a byte: unpacked in one go, nothing has to be put together. */
function chunkSizeFor(packed: Buffer): number {
  const told = packed.length < 4 ? 0 : packed.readUInt32LE(packed.length - 4);
  return Math.min(largestChunk, Math.max(smallestChunk, told + 1));
}

function originOf(envelope: unknown, region: string | undefined): Extract<Origin, { kind: 'log-stream' }> {
  const account = stringAt(envelope, 'owner');
  return {
    kind: 'log-stream',
    ...(account === undefined ? {} : { account }),
    ...(region === undefined ? {} : { region }),
    logGroup: stringAt(envelope, 'logGroup') ?? '',
    logStream: stringAt(envelope, 'logStream') ?? '',
  };
}
