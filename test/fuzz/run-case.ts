import { parseCall } from '../../cli/scan/scan-call.ts';
import { createScanner } from '../../cli/scan/scan-one.ts';
import { chooseRules } from '../../cli/scan/scan-rules.ts';
import type { Channel } from '../../lambda/alerts/channel.ts';
import { publish } from '../../lambda/alerts/publishing/publish-findings.ts';
import { invocationDedup } from '../../lambda/dedup/deduplication.ts';
import { messageOf } from '../../lambda/message-of.ts';
import { type DeliveryResult, type Ports, runDelivery } from '../../lambda/pipeline.ts';
import { runBatch } from '../../lambda/run-batch.ts';
import { namedCluster } from '../../lambda/scan/cluster-name.ts';
import { recognizeTrigger } from '../../lambda/triggers/recognize-trigger.ts';
import { detector } from './corpus.ts';
import type { FuzzCase } from './draw-case.ts';
import { pagesOf, startLogGroup } from './log-group-service.ts';

/** A finding, by what the tests know of it. */
export interface Found {
  readonly rule: string;
  readonly auditID: unknown;
  readonly isTruncated: boolean;
  /** The reader of certificate requests or of certificates threw something. */
  readonly hasReaderFailed: boolean;
}

export interface Outcome {
  /** The function does not know the payload: Lambda retries it. */
  readonly isRefused: boolean;
  /** Why inputs were returned for retry. */
  readonly reasons: readonly string[];
  readonly functionFound: readonly Found[];
  /** Records that the function rejected, or that it calls suspicious. */
  readonly reported: number;
  /** What the scan finds in the bytes of the object or in the log group; absent if it was not run. */
  readonly scanFound: readonly Found[] | undefined;
  readonly scanFault: string | undefined;
  /** Records that the scan rejected, or that it calls suspicious. */
  readonly scanReported: number;
  /** What was thrown and should not have been. */
  readonly thrown: readonly string[];
}

export type RunCase = (fuzzCase: FuzzCase) => Promise<Outcome>;

const channels: readonly Channel[] = (['json', 'text', 'chat', 'alarm'] as const).map((rendering) => ({
  ...{ rendering, topicArn: `arn:aws:sns:eu-central-1:000000000000:${rendering}`, minSeverity: 'low' },
}));

/** The findings themselves, and now and then another rendering, which takes most of the time. */
function channelsOf(seed: number): readonly Channel[] {
  return channels.filter((_, index) => index === 0 || (seed % 8 === 0 && index === 1 + ((seed / 8) % 3)));
}

/** Runs cases through the function's code, with a publisher that records, and through the command's. */
export async function createRunner(): Promise<RunCase> {
  const call = parseCall(['x']);
  if (call.kind !== 'scan') throw new Error('no options');
  const rules = await chooseRules(call.options, false);
  if (!rules.ok) throw new Error(rules.messages.join('\n'));
  let scanned: FuzzCase | undefined;
  const scanner = createScanner(rules, call.options, () => ({
    origin: { kind: 'file', path: 'x' },
    cluster: namedCluster(null),
    open: () => chunksOf(scanned?.packed?.bytes ?? Buffer.alloc(0), scanned?.scanChunkBytes ?? 1),
  }));
  const logGroup = await startLogGroup(() => (scanned ? pagesOf(scanned.records, scanned.seed) : []));
  return async (fuzzCase) => {
    const thrown: string[] = [];
    const attempt = async <T>(name: string, run: () => Promise<T>): Promise<T | undefined> => {
      try {
        return await run();
      } catch (error) {
        thrown.push(
          `${name} threw ${error instanceof Error ? (error.stack ?? error.message) : messageOf(error)}`,
        );
        return undefined;
      }
    };
    const functionFound: Found[] = [];
    const results = await attempt('the function', () => invoke(fuzzCase, functionFound));
    const { packed, framing, seed, isPayloadMutated } = fuzzCase;
    const counts = (results ?? []).flatMap((result) => (result.ok ? [result.counts] : []));
    const ofFunction = {
      isRefused: results === undefined,
      reasons: (results ?? []).flatMap((result) => (result.ok ? [] : [result.reason])),
      functionFound,
      reported: counts.reduce((sum, { Rejected, Suspicious }) => sum + Rejected + Suspicious, 0),
      thrown,
    };
    const isScanned = framing === 'log events' ? !isPayloadMutated : framing !== 'log events in a stream';
    // half of them: it takes as long as the function
    if (!isScanned || seed % 2 === 0)
      return { ...ofFunction, scanFound: undefined, scanFault: undefined, scanReported: 0 };
    const scanFound: Found[] = [];
    scanned = fuzzCase;
    const ref = packed ? ({ kind: 'file', path: 'x' } as const) : ({ kind: 'log-group', name: 'g' } as const);
    const one = await attempt('the scan', () =>
      withVariables(packed ? {} : logGroup, () =>
        scanner(ref, {
          signal: new AbortController().signal,
          onItem: async (item) => {
            if (item.kind !== 'findings') return;
            for (const { rule, event, request } of item.findings)
              scanFound.push(foundOf(rule.id, event, item.record.format, request));
          },
        }),
      ),
    );
    const report = one?.report;
    const scanReported = (report?.rejected ?? 0) + (report?.suspicious ?? 0);
    return { ...ofFunction, scanFound, scanFault: report?.fault?.reason, scanReported };
  };
}

/** With variables of the environment, which the AWS SDK reads when a client is created. */
async function withVariables<T>(
  variables: Readonly<Record<string, string>>,
  run: () => Promise<T>,
): Promise<T> {
  const before = Object.keys(variables).map((name) => [name, process.env[name]] as const);
  Object.assign(process.env, variables);
  try {
    return await run();
  } finally {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  }
}

async function invoke(
  { seed, payload, chunkBytes }: FuzzCase,
  found: Found[],
): Promise<readonly DeliveryResult[] | undefined> {
  const trigger = recognizeTrigger(payload.event);
  if (!trigger.ok) return undefined;
  const deadline = { atMs: Date.now() + 600_000, now: Date.now };
  const dedup = invocationDedup({ waitMs: 100_000, now: Date.now });
  const objects = new Map(payload.objects.map(({ key, bytes }) => [key, bytes]));
  const ports: Ports = {
    detector,
    clusters: { logGroups: {}, buckets: {}, keyPatterns: {} },
    region: 'eu-central-1',
    deadline,
    follower: async () => undefined,
    openObject: async ({ key }) => {
      const bytes = objects.get(key);
      if (!bytes) throw new Error('no such object');
      return { kind: 'opened', body: chunksOf(bytes, chunkBytes) };
    },
    publish: (findings) =>
      publish(findings, channelsOf(seed), {
        dedup,
        now: Date.now,
        send: async (topicArn, entries) => {
          for (const { message } of entries) {
            if (!topicArn.endsWith(':json')) continue;
            const { rule, event, format, request } = JSON.parse(message.body);
            found.push(foundOf(rule.id, event, format, request));
          }
          return [];
        },
      }),
    notify: async () => true,
    log: () => {},
    measure: () => {},
  };
  return runBatch(trigger.deliveries, deadline, (delivery) => runDelivery(delivery, ports));
}

export function foundOf(
  rule: string,
  event: { auditID?: unknown },
  format: unknown,
  request: unknown,
): Found {
  const hasReaderFailed = JSON.stringify(request ?? null).includes('the reader failed');
  return { rule, auditID: event.auditID, isTruncated: format === 'truncated', hasReaderFailed };
}

/** As a producer that uses its memory again. */
async function* chunksOf(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let from = 0; from < bytes.length; from += size) {
    const chunk = Buffer.from(bytes.subarray(from, from + size));
    yield chunk;
    chunk.fill('}');
  }
}
