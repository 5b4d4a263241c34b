import { gzipSync } from 'node:zlib';
import { DeleteObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import type { LocalFunction } from '../cli/local/local-function.ts';
import { type LocalStack, startLocalStack } from '../cli/local/topology.ts';
import { type Call, type CountingProxy, startCountingProxy } from './counting-proxy.ts';
import { chunks, eventsPerSecond, writes } from './generate.ts';
import { cpuSecondsOf, peakMegabytesOf } from './measure.ts';
import { percentile } from './median.ts';

/** What one load did to the function of the S3 source, whose bundle runs in a process of its own. */
export interface Load {
  readonly name: string;
  readonly objects: number;
  readonly events: number;
  /** Decompressed. */
  readonly megabytes: number;
  readonly findings: number;
  /** From the delivery of an object's notification to the request that publishes a finding of it, on the channel for programs. */
  readonly medianSeconds: number;
  readonly p99Seconds: number;
  readonly cpuSeconds: number;
  readonly peakMegabytes: number;
  readonly dynamoDbCalls: number;
  readonly snsCalls: number;
  /** On the channels for people: alerts and the first messages of storms. */
  readonly messagesForPeople: number;
}

interface Delivered {
  readonly calls: readonly Call[];
  readonly delaysSeconds: readonly number[];
}

/** Of an object: the local S3 takes no body over 11 MiB. */
const seconds = 20;
const objectsPerHour = 3_600 / seconds;
const writesPerObject = 2;
const flood = 10_000;
const maxDeliveries = 4;

/**
 * An hour of a busy cluster, in objects of twenty seconds, and a flood of findings in one object. The local AWS answers on loopback:
 * the times of AWS's own services are not in the result.
 */
export async function measureLoad(): Promise<Load[]> {
  return [
    await withLocalStack(
      'an hour of a busy cluster',
      objectsPerHour,
      writesPerObject,
      (index) => `user-${index}`,
    ),
    await withLocalStack(`a flood of ${flood.toLocaleString('en')} findings`, 1, flood, () => 'mallory'),
  ];
}

/** Each load begins with an empty table. */
async function withLocalStack(
  name: string,
  objects: number,
  writesPerObject: number,
  user: (index: number) => string,
): Promise<Load> {
  const stack = await startLocalStack();
  const aws = await startCountingProxy(String(stack.aws.environment['AWS_ENDPOINT_URL']));
  const table = await startCountingProxy(String(stack.aws.environment['AWS_ENDPOINT_URL_DYNAMODB']));
  try {
    return await load(name, stack, [aws, table], objects, writesPerObject, user);
  } finally {
    await aws.close();
    await table.close();
    await stack.stop();
  }
}

async function load(
  name: string,
  stack: LocalStack,
  [aws, table]: readonly [CountingProxy, CountingProxy],
  objects: number,
  writesPerObject: number,
  user: (index: number) => string,
): Promise<Load> {
  const environment = { AWS_ENDPOINT_URL: aws.endpoint, AWS_ENDPOINT_URL_DYNAMODB: table.endpoint };
  const detector = await stack.startAnother('objects', environment);
  const part = partOfLog();
  const all: Delivered[] = [];
  let megabytes = 0;
  for (let index = 0; index < objects; index += 1) {
    const written = writes(writesPerObject, index * writesPerObject, user);
    megabytes += (part.bytes + written.length) / 1e6;
    const body = Buffer.concat([part.packed, gzipSync(written)]);
    all.push(await deliver(body, `${name}-${index}`, stack, detector, [aws, table]));
  }
  const pid = detector.pid ?? 0;
  const [cpuSeconds, peakMegabytes] = [cpuSecondsOf(pid), peakMegabytesOf(pid)];
  detector.stop();
  const calls = all.flatMap((delivered) => delivered.calls);
  const publishing = calls.filter(({ operation }) => operation === 'PublishBatch');
  const delays = all.flatMap(({ delaysSeconds }) => delaysSeconds);
  const sent = publishing.reduce((sum, { body }) => sum + entriesOf(body), 0);
  process.stderr.write(`${name}: ${cpuSeconds.toFixed(1)} s of CPU\n`);
  return {
    name,
    objects,
    events: objects * part.events,
    megabytes,
    findings: delays.length,
    medianSeconds: percentile(delays, 0.5),
    p99Seconds: percentile(delays, 0.99),
    cpuSeconds,
    peakMegabytes,
    dynamoDbCalls: calls.filter(({ operation }) => /Item|Query/.test(operation)).length,
    snsCalls: publishing.length,
    messagesForPeople: sent - delays.length,
  };
}

/** Events of twenty seconds without a write. */
function partOfLog(): { packed: Buffer; bytes: number; events: number } {
  const wanted = seconds * eventsPerSecond;
  const parts: Buffer[] = [];
  let events = 0;
  for (const chunk of chunks(Number.POSITIVE_INFINITY, 'ndjson', false)) {
    parts.push(chunk);
    events += 400;
    if (events >= wanted) break;
  }
  const text = Buffer.concat(parts);
  return { packed: gzipSync(text), bytes: text.length, events };
}

async function deliver(
  body: Buffer,
  name: string,
  { aws, s3Source: { bucket, queueArn } }: LocalStack,
  detector: LocalFunction,
  proxies: readonly CountingProxy[],
): Promise<Delivered> {
  const at = { Bucket: bucket, Key: `audit/${name.replaceAll(/\W+/g, '-')}.gz` };
  const { ETag: eTag = '' } = await aws.s3.send(new PutObjectCommand({ ...at, Body: body }));
  const object = { key: at.Key, size: body.length, eTag: eTag.replaceAll('"', '') };
  const record = {
    ...{ eventVersion: '2.1', eventSource: 'aws:s3', eventName: 'ObjectCreated:Put' },
    ...{ awsRegion: aws.region, s3: { bucket: { name: bucket }, object } },
  };
  const startedMs = performance.now();
  // what an invocation had no time for is delivered again
  for (let deliveries = 1; ; deliveries += 1) {
    const message = {
      ...{ messageId: name, receiptHandle: name, body: JSON.stringify({ Records: [record] }) },
      attributes: { ApproximateReceiveCount: String(deliveries) },
      ...{ eventSource: 'aws:sqs', eventSourceARN: queueArn },
    };
    const answer = await detector.invoke({ Records: [message] });
    if (JSON.stringify(answer).includes('"batchItemFailures":[]')) break;
    if (deliveries === maxDeliveries)
      throw new Error(`${name}: ${JSON.stringify(answer)}\n${detector.log.slice(-3).join('\n')}`);
  }
  const calls = proxies.flatMap((proxy) => proxy.take());
  await aws.s3.send(new DeleteObjectCommand(at));
  const delaysSeconds = calls
    .filter(({ operation, body: text }) => operation === 'PublishBatch' && isForPrograms(text))
    .flatMap(({ atMs, body: text }) => Array(entriesOf(text)).fill((atMs - startedMs) / 1_000));
  return { calls, delaysSeconds };
}

function entriesOf(body: string): number {
  return body.match(/PublishBatchRequestEntries\.member\.\d+\.Id=/g)?.length ?? 0;
}

/** The topic for programs receives each finding as JSON. */
function isForPrograms(body: string): boolean {
  return /TopicArn=[^&]*Findings/.test(body);
}
