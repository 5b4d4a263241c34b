import { gunzipSync } from 'node:zlib';
import type { Origin } from '../audit/audit-record.ts';
import { clusterIn } from '../audit/event-surroundings.ts';
import { recognizeText } from '../audit/recognize-event.ts';
import { createPrefilter } from '../framing/prefilter.ts';
import { at, numberAt, stringAt } from '../json/read-json.ts';
import { AuditMarks } from './audit-marks.ts';
import { type ClusterConfig, clusterOfLogGroup, clusterOfStream } from './cluster-name.ts';
import type { Rejection, ScanOptions, ScanReport } from './input.ts';
import { holding, PartJoiner } from './part-joiner.ts';
import { PartQueue, type Queued } from './part-queue.ts';
import { scan } from './scan-input.ts';
import { ScanTally } from './scan-tally.ts';

/** CloudWatch Logs compresses at most 1 MB into a delivery, so a longer text is not one. */
const maxUnpackedBytes = 256 * 2 ** 20;

export interface LogDataContext {
  readonly clusters: ClusterConfig;
  /** The function's, which for a subscription is the log group's too. */
  readonly region: string | undefined;
}

/**
 * Scans the payload of a CloudWatch Logs subscription: gzip of one JSON envelope. An envelope without a candidate is
 * not even parsed.
 * @throws if it is not gzip, or not such an envelope
 */
export async function scanLogData(
  packed: Buffer,
  context: LogDataContext,
  options: ScanOptions,
): Promise<ScanReport> {
  const bytes = gunzip(packed);
  if (createPrefilter(options.literals, options.checked).nextCandidate(bytes, 0) < 0) return skipped(bytes);
  const envelope: unknown = JSON.parse(bytes.toString('utf8'));
  if (!isEnvelope(envelope)) throw new Error('the CloudWatch Logs payload has no logEvents');
  // CloudWatch Logs invokes functions of the log group's own account only
  const ownAccount = stringAt(envelope, 'owner');
  return scanLogEvents(envelope, bytes.length, { ...context, ownAccount }, options);
}

/** Scans a record of a Kinesis stream: the payload of a subscription, or whatever else a producer writes, as in an object. */
export async function scanStreamRecord(
  data: Buffer,
  origin: Extract<Origin, { kind: 'stream' }>,
  sequenceNumber: string,
  context: LogDataContext,
  options: ScanOptions,
): Promise<ScanReport> {
  const envelope = envelopeIn(data);
  const { account: ownAccount } = origin;
  if (envelope) return scanLogEvents(envelope.value, envelope.bytes, { ...context, ownAccount }, options);
  const input = {
    origin,
    cluster: clusterOfStream(origin, context.clusters),
    open: () => oneChunk(data),
  };
  const report = await scan(input, {
    ...options,
    onRecord: (record) => options.onRecord({ ...record, place: { ...record.place, sequenceNumber } }),
  });
  const numbered = (first: readonly Rejection[]) =>
    first.map(({ place, reason }) => ({ place: { ...place, sequenceNumber }, reason }));
  return {
    ...report,
    rejections: numbered(report.rejections),
    suspicions: numbered(report.suspicions),
    unread: { ...report.unread, first: numbered(report.unread.first) },
  };
}

/** Each message is read as an input of its own, by the code that reads a line of an object. */
async function scanLogEvents(
  envelope: unknown,
  bytes: number,
  { clusters, region, ownAccount }: LogDataContext & { readonly ownAccount: string | undefined },
  options: ScanOptions,
): Promise<ScanReport> {
  const tally = new ScanTally();
  tally.bytes = bytes;
  const logEvents = at(envelope, 'logEvents');
  if (stringAt(envelope, 'messageType') === 'CONTROL_MESSAGE' || !Array.isArray(logEvents)) {
    return tally.report();
  }
  const origin = originOf(envelope, region);
  const clusterOf = clusterOfLogGroup(clusters, ownAccount);
  for (const { message, logEvent } of joinedMessages(logEvents)) {
    const logEventId = stringAt(logEvent, 'id');
    const logEventTimestamp = numberAt(logEvent, 'timestamp');
    const place = {
      origin,
      ...(logEventId === undefined ? {} : { logEventId }),
      ...(logEventTimestamp === undefined ? {} : { logEventTimestamp }),
    };
    const extracted = clusterIn(at(logEvent, 'extractedFields'));
    const input = {
      origin,
      cluster: ({ reported }: { reported?: string | undefined }) =>
        clusterOf({ ...origin, reported: extracted ?? reported }),
      isText: true,
      open: () => oneChunk(Buffer.from(message)),
    };
    const report = await scan(input, {
      ...options,
      onRecord: (record) => options.onRecord({ ...record, place }),
    });
    // if the time is up, the scan of the message ended with that fault
    await options.onProgress?.();
    tally.addRecordsOf(report, place);
  }
  return tally.report();
}

interface Message {
  readonly message: string;
  /** The log event, or the first one of an event that was split. */
  readonly logEvent: unknown;
}

/** The messages of one log stream, in which CloudWatch Logs or its writer may have split a large event. */
function* joinedMessages(logEvents: readonly unknown[]): Generator<Message> {
  const queue = new PartQueue<Message>({
    begin: ({ message }) => (isCut(message) ? PartJoiner.begin(message, maxUnpackedBytes) : undefined),
    add: (joiner, { message }) => joiner.add(message, holding(recognizeText(message))),
    keep: (message) => () => message,
  });
  for (const logEvent of logEvents) {
    const message = stringAt(logEvent, 'message') ?? '';
    for (const queued of queue.add({ message, logEvent })) yield queuedMessage(queued);
  }
  for (const queued of queue.end()) yield queuedMessage(queued);
}

function queuedMessage(queued: Queued<Message>): Message {
  return queued.kind === 'own' ? queued.record : { ...queued.first, message: queued.text };
}

/** A writer splits messages that are longer, never shorter ones: 16 KiB. */
const minPartCharacters = 16_000;

/** A short message that ends with a brace is taken to be whole: if it is not, its head is evaluated. */
function isCut(message: string): boolean {
  const isShort = message.length < minPartCharacters;
  if (!message.includes('{"') || (isShort && /\}\s*$/.test(message.slice(-64)))) return false;
  const [only, ...others] = recognizeText(message);
  return only?.kind === 'truncated' && others.length === 0;
}

function looksLikeAudit(bytes: Buffer): boolean {
  const marks = new AuditMarks();
  marks.search(bytes);
  return marks.found;
}

function isEnvelope(value: unknown): boolean {
  return stringAt(value, 'messageType') === 'CONTROL_MESSAGE' || Array.isArray(at(value, 'logEvents'));
}

function envelopeIn(data: Buffer): { readonly value: unknown; readonly bytes: number } | undefined {
  try {
    const bytes = gunzip(data);
    const value: unknown = JSON.parse(bytes.toString('utf8'));
    return isEnvelope(value) ? { value, bytes: bytes.length } : undefined;
  } catch {
    return undefined;
  }
}

function skipped(bytes: Buffer): ScanReport {
  const { length } = bytes;
  const tally = new ScanTally();
  tally.bytes = length;
  tally.skippedBytes = length;
  tally.looksLikeAudit = looksLikeAudit(bytes);
  return tally.report();
}

async function* oneChunk(chunk: Buffer): AsyncGenerator<Buffer> {
  yield chunk;
}

const minChunkBytes = 2 ** 14;
const maxChunkBytes = 2 ** 23;

/** A chunk of the size that gzip states in its last bytes, and one more: decompressed in one step, nothing is concatenated. */
function gunzip(packed: Buffer): Buffer {
  const stated = packed.length < 4 ? 0 : packed.readUInt32LE(packed.length - 4);
  const chunkSize = Math.min(maxChunkBytes, Math.max(minChunkBytes, stated + 1));
  return gunzipSync(packed, { maxOutputLength: maxUnpackedBytes, chunkSize });
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
