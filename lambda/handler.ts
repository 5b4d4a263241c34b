import { readFileSync } from 'node:fs';
import { invocationDedup } from './dedup/deduplication.ts';
import { type Detector, lazyDetector } from './detector.ts';
import { embeddedMetrics } from './embedded-metrics.ts';
import { readEnvironment } from './environment.ts';
import type { FollowAnswer } from './follow/follow-answer.ts';
import { isFollowRequest } from './follow/follow-request.ts';
import { consoleLog } from './log.ts';
import { type ObjectResult, objectResult } from './object-result.ts';
import { type Ports, runDelivery } from './pipeline.ts';
import type { RuleDefinition } from './rules/rule.ts';
import { runBatch } from './run-batch.ts';
import { queueMessagesIn } from './triggers/queue-message.ts';
import { recognizeTrigger } from './triggers/recognize-trigger.ts';
import { scheduleRetries } from './triggers/schedule-retries.ts';
import { scheduledTimeMs } from './triggers/scheduled-time.ts';

/** What Lambda takes from a handler of SQS messages or stream records: those to deliver again. */
interface BatchResponse {
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[];
}

/** The result of a Step Functions map's items. */
interface MapResponse {
  readonly objects: readonly ObjectResult[];
}

/** The part of Lambda's context that is read. */
interface InvocationContext {
  /** Of the function's timeout. */
  getRemainingTimeInMillis(): number;
}

/** Lambda's longest timeout: fifteen minutes. */
const maxTimeoutMs = 900_000;

/** The share of an invocation's time that is kept for publishing after the last byte was read. */
const publishingShare = 1 / 4;

/** The shares that waiting for the dedup table may take, for claims and for marks: together `publishingShare`. */
const tableShare = publishingShare / 2;

/** The share of the time that is left, and at most, for scheduling the next delivery of failed messages. */
const retryShare = 1 / 2;
const maxRetryMs = 3_000;

const portsFor = composed();
const visibility = once(async () => (await import('./triggers/sqs-visibility.ts')).sqsVisibility());

/**
 * The function of every source.
 * @param context - absent if something other than Lambda calls
 * @throws on a trigger of an unknown kind, and if an invocation without partial responses failed: Lambda retries it and
 * then sends it to the failure destination
 */
export async function handler(
  event: unknown,
  context?: InvocationContext,
): Promise<BatchResponse | MapResponse | FollowAnswer | undefined> {
  const { ports, sendSummaries, answerFollow } = portsFor(
    context?.getRemainingTimeInMillis() ?? maxTimeoutMs,
  );
  const dueMs = scheduledTimeMs(event);
  if (dueMs !== undefined) {
    throwIfAny(await sendSummaries(dueMs));
    return undefined;
  }
  if (isFollowRequest(event)) return answerFollow(event);
  const trigger = recognizeTrigger(event);
  if (!trigger.ok) throw new Error(trigger.reason);
  const { deliveries, answer } = trigger;
  const results = await runBatch(deliveries, ports.deadline, async (delivery) => ({
    delivery,
    result: await runDelivery(delivery, ports),
  }));
  switch (answer) {
    case 'batch': {
      const returned = results.flatMap(({ delivery: { messageId }, result }) =>
        !result.ok && result.retry && messageId !== undefined ? [messageId] : [],
      );
      const leftMs = context?.getRemainingTimeInMillis() ?? maxTimeoutMs;
      const withinMs = Math.max(0, Math.floor(Math.min(leftMs * retryShare, maxRetryMs)));
      await scheduleRetries(queueMessagesIn(event, new Set(returned)), visibility, {
        withinMs,
        log: ports.log,
      });
      return { batchItemFailures: [...new Set(returned)].map((itemIdentifier) => ({ itemIdentifier })) };
    }
    case 'none': {
      throwIfAny(results.flatMap(({ result }) => (!result.ok && result.retry ? [result.reason] : [])));
      return undefined;
    }
    case 'results': {
      throwIfAny(results.flatMap(({ result }) => (result.ok ? [] : [result.reason])));
      const objects = results.flatMap(({ delivery, result }) =>
        delivery.kind === 'object' && result.ok
          ? [objectResult(delivery.object, result.counts, result.found)]
          : [],
      );
      return { objects };
    }
  }
}

function throwIfAny(reasons: readonly string[]): void {
  if (reasons.length > 0) throw new Error(reasons.join('\n'));
}

/** What an invocation uses. */
interface Invocation {
  readonly ports: Ports;
  /** Sends the summaries of windows that ended by `dueMs`. @returns what failed */
  readonly sendSummaries: (dueMs: number) => Promise<readonly string[]>;
  /** Answers a request to the watch list. */
  readonly answerFollow: (event: unknown) => Promise<FollowAnswer>;
}

/** Composes what lives as long as the process; the ports are per invocation. */
function composed(): (remainingMs: number) => Invocation {
  const environment = readEnvironment(process.env);
  const text = readFileSync(new URL('./rules.json', import.meta.url), 'utf8');
  const rules: { literals: Detector['literals']; definitions: RuleDefinition[] } = JSON.parse(text);
  const {
    channels,
    clusters,
    region,
    operationsTopic,
    table: tableName,
    watchListTable,
    tableTimeoutMs,
    summaryMs,
  } = environment;
  const compiled = once(async () => {
    const { detectionRulesOf } = await import('./detector-of-rules.ts');
    return detectionRulesOf(rules.definitions);
  });
  const detector = lazyDetector(rules.literals, async () => (await compiled()).detector);
  const isFollowing = rules.definitions.some(({ appliesTo }) => appliesTo === 'certificate-uses');
  const following = once(async () => {
    if (watchListTable === undefined || !isFollowing) return undefined;
    const { createFollowing } = await import('./follow/following.ts');
    return createFollowing({
      ...{ tableName: watchListTable, tableTimeoutMs, now: Date.now, log: consoleLog },
      useRules: async () => (await compiled()).useRules,
    });
  });
  // loaded lazily: most invocations have no finding, and those of the logs source read no object
  const publishing = once(() => import('./alerts/publishing/publish-findings.ts'));
  const summaries = once(() => import('./alerts/publishing/publish-summaries.ts'));
  const sender = once(async () => (await import('./alerts/publishing/sns-publisher.ts')).snsPublisher());
  const opener = once(async () => (await import('./triggers/s3-opener.ts')).s3Opener());
  const tables = once(async () =>
    (await import('./dedup/dynamodb-table.ts')).dynamoDbTables(tableTimeoutMs, summaryMs),
  );
  const notices = once(() => import('./notices/send-notice.ts'));
  const noticeTable = once(async () =>
    tableName === undefined
      ? undefined
      : (await import('./notices/dynamodb-notices.ts')).dynamoDbNotices(tableName, tableTimeoutMs, Date.now),
  );
  const noticesSentAtMs = new Map<string, number>();
  return (remainingMs) => {
    const startedMs = Date.now();
    const leaseExpiresMs = startedMs + remainingMs;
    const open =
      tableName === undefined ? undefined : async () => (await tables())(tableName, leaseExpiresMs, Date.now);
    const dedup = invocationDedup({ waitMs: remainingMs * tableShare, now: Date.now }, open);
    const followers = once(async () => (await following())?.followers());
    const ports: Ports = {
      detector,
      follower: async (stores) => (await followers())?.(stores),
      clusters,
      region,
      deadline: { atMs: startedMs + remainingMs * (1 - publishingShare), now: Date.now },
      openObject: async (object, signal) => (await opener())(object, signal),
      publish: async (findings) => {
        const send = await sender();
        return (await publishing()).publish(findings, channels, { send, dedup, now: Date.now });
      },
      notify: async (notice) => {
        if (operationsTopic === undefined) return true;
        const [{ sendNotice }, send, table] = await Promise.all([notices(), sender(), noticeTable()]);
        return sendNotice(notice, {
          ...{ topicArn: operationsTopic, send, table },
          ...{ sentAtMs: noticesSentAtMs, now: Date.now, log: consoleLog },
        });
      },
      log: consoleLog,
      measure: (counts, dimensions) =>
        void process.stdout.write(`${embeddedMetrics(counts, dimensions, Date.now())}\n`),
    };
    const sendSummaries = async (dueMs: number) => {
      if (open === undefined) return [];
      const [{ windows }, send, { publishSummaries }] = await Promise.all([open(), sender(), summaries()]);
      const report = await publishSummaries(channels, {
        ...{ windows, send, log: consoleLog },
        ...{ nowMs: dueMs, windowMs: summaryMs },
      });
      return report.failures;
    };
    const answerFollow = async (event: unknown) => {
      const answer = await (await following())?.answer(event);
      if (!answer) return { error: 'This function follows no certificates.' };
      if ('removed' in answer && answer.removed)
        ports.measure({ WatchListRemovals: 1 }, { source: 'objects' });
      return answer;
    };
    return { ports, sendSummaries, answerFollow };
  };
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
