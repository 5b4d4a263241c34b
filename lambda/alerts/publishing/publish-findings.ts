import { concurrently } from '../../dedup/concurrently.ts';
import type { Claim, Kept, Memory } from '../../dedup/deduplication.ts';
import { type Finding, severities } from '../../findings/finding.ts';
import { alertKey, type RenderContext } from '../alert.ts';
import type { Channel } from '../channel.ts';
import { render } from '../renderings/render.ts';
import { batchesOf, type PublishBatch, sendBatch } from './publish-batch.ts';

/** Pages that are claimed or marked at a time, of a channel. */
const maxConcurrentKeys = 16;

export interface PublishPorts {
  readonly send: PublishBatch;
  readonly memory: Memory;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

export interface PublishReport {
  /** Messages that went out. */
  readonly published: number;
  /** Pages that their channel had before. */
  readonly alreadySent: number;
  /** Pages that another function is sending: the input is to come back, in case that one dies. */
  readonly held: number;
  /** Why a page went out unremembered, or a claim stayed behind: one each. */
  readonly dedupFailures: readonly string[];
  /** What didn't get out after all attempts. */
  readonly failures: readonly { readonly topicArn: string; readonly reason: string }[];
}

/**
 * Sends findings to each channel whose bar they reach, once: a page is claimed, sent, and marked. What fails gives its
 * claims back, so that the next attempt works at once. One channel's failure neither stops nor repeats another.
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
    held: sum(({ held }) => held),
    dedupFailures: reports.flatMap(({ dedupFailures }) => dedupFailures),
    failures: reports.flatMap(({ failures }) => failures),
  };
}

async function publishTo(
  channel: Channel,
  findings: readonly Finding[],
  { send, memory, now }: PublishPorts,
): Promise<PublishReport> {
  const { rendering, topicArn } = channel;
  const reaching = reachingOnce(findings, channel);
  const keyOf = (finding: Finding) => alertKey(rendering, finding);
  const claims = await claimEach(new Set(reaching.map(keyOf)), channel, memory);
  const ours = reaching.filter((finding) => isOurs(claims.get(keyOf(finding))));
  const count = (kind: Claim['kind']) => [...claims.values()].filter((claim) => claim.kind === kind).length;
  const dedupFailures = [...claims.values()].flatMap((claim) =>
    claim.kind === 'unknown' ? [claim.reason] : [],
  );
  const failures: { topicArn: string; reason: string }[] = [];
  let published = 0;
  // what is neither out nor given back yet
  const open = new Set(ours.map(keyOf));
  const settle = async (keys: readonly string[], keep: (page: string) => Promise<Kept>) => {
    for (const key of keys) open.delete(key);
    const kept = await concurrently(maxConcurrentKeys, keys, (key) => keep(pageOf(channel, key)));
    dedupFailures.push(...kept.flatMap((result) => (result.ok ? [] : [result.reason])));
  };
  try {
    for (const batch of batchesOf(render(rendering, ours, contextOf(topicArn, now())))) {
      const failed = await sendBatch(topicArn, batch, send);
      failures.push(...failed.map(({ code, reason }) => ({ topicArn, reason: `${code}: ${reason}` })));
      const failedIds = new Set(failed.map(({ id }) => id));
      const out = batch.filter(({ id }) => !failedIds.has(id));
      published += out.length;
      // marked batch by batch: a crash repeats one of them at most
      await settle(
        out.flatMap(({ keys }) => keys),
        memory.markPaged,
      );
      await settle(
        batch.filter(({ id }) => failedIds.has(id)).flatMap(({ keys }) => keys),
        memory.release,
      );
    }
    if (open.size > 0) throw new Error(`the ${rendering} rendering left ${open.size} pages out`);
  } catch (error) {
    // a mistake in a rendering stops no other channel and keeps no claim
    const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    failures.push({ topicArn, reason });
    await settle([...open], memory.release);
  }
  return { published, alreadySent: count('paged'), held: count('held'), dedupFailures, failures };
}

async function claimEach(
  keys: ReadonlySet<string>,
  channel: Channel,
  memory: Memory,
): Promise<Map<string, Claim>> {
  const claims = await concurrently(
    maxConcurrentKeys,
    [...keys],
    async (key) => [key, await memory.claim(pageOf(channel, key))] as const,
  );
  return new Map(claims);
}

function isOurs(claim: Claim | undefined): boolean {
  return claim?.kind === 'claimed' || claim?.kind === 'unknown';
}

/** Two channels differ by their topic or their rendering; the bar may change. */
function pageOf({ topicArn, rendering }: Channel, key: string): string {
  return `${topicArn}#${rendering}#${key}`;
}

/** A line that stands twice is one finding: the first of them. */
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
