import { concurrently } from '../../dedup/concurrently.ts';
import type { Summary, WindowTable } from '../../dedup/storm-window.ts';
import type { Log } from '../../log.ts';
import { namedMessageOf } from '../../message-of.ts';
import type { Channel } from '../channel.ts';
import { summaryMessage } from '../renderings/summary-renderings.ts';
import { batchesOf, type PublishBatch, sendBatch } from './publish-batch.ts';

const concurrentWindows = 8;

export interface SummaryPorts {
  readonly windows: WindowTable;
  readonly send: PublishBatch;
  readonly log: Log;
  /** Since the epoch: windows that ended by then are summarized. */
  readonly nowMs: number;
  readonly windowMs: number;
}

/**
 * Sends the summaries of windows that have ended, each at least once: a summary that could not be sent is due again at
 * once, and one whose invocation died is due after another window.
 * @returns what failed
 */
export async function publishSummaries(
  channels: readonly Channel[],
  ports: SummaryPorts,
): Promise<{ readonly sent: number; readonly failures: readonly string[] }> {
  const { windows, nowMs } = ports;
  const keys = await windows.due(nowMs);
  // a window that fails must not stop the others
  const outcomes = await concurrently(concurrentWindows, keys, (key) =>
    publishOne(key, channels, ports).catch(
      (error: unknown): Outcome => ({ kind: 'failed', reason: namedMessageOf(error) }),
    ),
  );
  const failures = outcomes.flatMap((outcome) => (outcome.kind === 'failed' ? [outcome.reason] : []));
  return { sent: outcomes.filter(({ kind }) => kind === 'sent').length, failures };
}

type Outcome = { readonly kind: 'sent' | 'nothing' } | { readonly kind: 'failed'; readonly reason: string };

async function publishOne(
  key: string,
  channels: readonly Channel[],
  { windows, send, log, nowMs, windowMs }: SummaryPorts,
): Promise<Outcome> {
  const summary = await windows.takeSummary(key, nowMs);
  if (!summary) return { kind: 'nothing' };
  const channel = channels.find(({ topicArn, rendering }) => key.startsWith(`${topicArn}#${rendering}#`));
  // the channel was removed from the configuration
  if (!channel) {
    await windows.finishSummary(key);
    return { kind: 'nothing' };
  }
  const { topicArn, rendering } = channel;
  const message = summaryMessage(rendering, summary, { topicArn, nowMs, windowMs });
  const batches = batchesOf([{ keys: [key], message }]);
  const failed = (await Promise.all(batches.map((batch) => sendBatch(topicArn, batch, send)))).flat();
  const [failure] = failed;
  log('info', 'summary', { topicArn, rendering, ...logged(summary), result: failure ? 'failed' : 'sent' });
  if (failure) {
    await windows.returnSummary(key, nowMs);
    return { kind: 'failed', reason: `publishing to ${topicArn}: ${failure.code}: ${failure.reason}` };
  }
  await windows.finishSummary(key);
  return { kind: 'sent' };
}

function logged({ scope, count, firstTime, lastTime, lastFindingId }: Summary) {
  return {
    rule: scope.rule.id,
    cluster: scope.cluster,
    count,
    firstTime,
    lastTime,
    lastFinding: lastFindingId,
  };
}
