import { concurrently } from '../../dedup/concurrently.ts';
import type { Claim, Deduplication, Recorded } from '../../dedup/deduplication.ts';
import { type Finding, severities } from '../../findings/finding.ts';
import { alertKey, type RenderContext } from '../alert.ts';
import type { Channel } from '../channel.ts';
import { render } from '../render.ts';
import { batchesOf, type PublishBatch, sendBatch } from './publish-batch.ts';

/** Concurrent claims or marks of one channel. */
const maxConcurrentKeys = 16;

export interface PublishPorts {
  readonly send: PublishBatch;
  readonly dedup: Deduplication;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

export interface PublishReport {
  /** Messages that were sent. */
  readonly published: number;
  /** Alerts that their channel had already received. */
  readonly alreadySent: number;
  /** Alerts that another invocation is sending. The input must be returned for retry, in case that invocation fails. */
  readonly leasedElsewhere: number;
  /** One reason per alert that was sent without deduplication, or whose claim was not released. */
  readonly dedupFailures: readonly string[];
  /** Alerts that were not sent after all attempts. */
  readonly failures: readonly { readonly topicArn: string; readonly reason: string }[];
}

/**
 * Sends findings once to each channel whose minimum severity they reach: each alert is claimed, sent, and marked as sent.
 * The claims of failed alerts are released, so that the next attempt can start immediately. A failing channel neither
 * stops the others nor makes them repeat an alert.
 */
export async function publish(
  findings: readonly Finding[],
  channels: readonly Channel[],
  ports: PublishPorts,
): Promise<PublishReport> {
  const reports = await Promise.all(channels.map((channel) => publishTo(channel, findings, ports)));
  const sum = (of: (report: PublishReport) => number) => reports.reduce((all, report) => all + of(report), 0);
  return {
    published: sum(({ published }) => published),
    alreadySent: sum(({ alreadySent }) => alreadySent),
    leasedElsewhere: sum((report) => report.leasedElsewhere),
    dedupFailures: reports.flatMap(({ dedupFailures }) => dedupFailures),
    failures: reports.flatMap(({ failures }) => failures),
  };
}

async function publishTo(
  channel: Channel,
  findings: readonly Finding[],
  { send, dedup, now }: PublishPorts,
): Promise<PublishReport> {
  const { rendering, topicArn } = channel;
  const reaching = reachingOnce(findings, channel);
  const keyOf = (finding: Finding) => alertKey(rendering, finding);
  const claims = await claimEach(new Set(reaching.map(keyOf)), channel, dedup);
  const ours = reaching.filter((finding) => isOurs(claims.get(keyOf(finding))));
  const count = (kind: Claim['kind']) => [...claims.values()].filter((claim) => claim.kind === kind).length;
  const dedupFailures = [...claims.values()].flatMap((claim) =>
    claim.kind === 'unknown' ? [claim.reason] : [],
  );
  const failures: { topicArn: string; reason: string }[] = [];
  let published = 0;
  // claimed, and neither marked as sent nor released
  const open = new Set(ours.map(keyOf));
  const settle = async (keys: readonly string[], record: (alert: string) => Promise<Recorded>) => {
    for (const key of keys) open.delete(key);
    const recorded = await concurrently(maxConcurrentKeys, keys, (key) => record(dedupKey(channel, key)));
    dedupFailures.push(...recorded.flatMap((result) => (result.ok ? [] : [result.reason])));
  };
  try {
    for (const batch of batchesOf(render(rendering, ours, contextOf(topicArn, now())))) {
      const failed = await sendBatch(topicArn, batch, send);
      failures.push(...failed.map(({ code, reason }) => ({ topicArn, reason: `${code}: ${reason}` })));
      const failedIds = new Set(failed.map(({ id }) => id));
      const sent = batch.filter(({ id }) => !failedIds.has(id));
      published += sent.length;
      // marked after each batch, so that a crash repeats at most one batch
      await settle(
        sent.flatMap(({ keys }) => keys),
        dedup.markSent,
      );
      await settle(
        batch.filter(({ id }) => failedIds.has(id)).flatMap(({ keys }) => keys),
        dedup.release,
      );
    }
    if (open.size > 0) throw new Error(`the ${rendering} rendering omitted ${open.size} alerts`);
  } catch (error) {
    // a defect in a rendering must not stop the other channels or keep its claims
    const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    failures.push({ topicArn, reason });
    await settle([...open], dedup.release);
  }
  return { published, alreadySent: count('sent'), leasedElsewhere: count('leased'), dedupFailures, failures };
}

async function claimEach(
  keys: ReadonlySet<string>,
  channel: Channel,
  dedup: Deduplication,
): Promise<Map<string, Claim>> {
  const claims = await concurrently(
    maxConcurrentKeys,
    [...keys],
    async (key) => [key, await dedup.claim(dedupKey(channel, key))] as const,
  );
  return new Map(claims);
}

function isOurs(claim: Claim | undefined): boolean {
  return claim?.kind === 'claimed' || claim?.kind === 'unknown';
}

/** A channel is identified by its topic and its rendering; its minimum severity may change. */
function dedupKey({ topicArn, rendering }: Channel, key: string): string {
  return `${topicArn}#${rendering}#${key}`;
}

/** A finding that occurs twice in the input is sent once. */
function reachingOnce(findings: readonly Finding[], { minSeverity }: Channel): Finding[] {
  const byId = new Map<string, Finding>();
  for (const finding of findings) {
    if (rank(finding.severity) < rank(minSeverity) || byId.has(finding.id)) continue;
    byId.set(finding.id, finding);
  }
  return [...byId.values()];
}

/** `arn:partition:sns:region:account:name` */
function contextOf(topicArn: string, nowMs: number): RenderContext {
  const [, , , region = '', account = ''] = topicArn.split(':');
  return { region, account, nowMs };
}

function rank(severity: Finding['severity']): number {
  return severities.indexOf(severity);
}
