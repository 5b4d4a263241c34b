import { concurrently } from '../../dedup/concurrently.ts';
import type { Deduplication, Recorded } from '../../dedup/deduplication.ts';
import { type Finding, severities } from '../../findings/finding.ts';
import type { Gravity } from '../../findings/gravity.ts';
import { namedMessageOf } from '../../message-of.ts';
import { alertKey, topicContext } from '../alert.ts';
import { burstsOf, compareSeriousness } from '../burst.ts';
import type { Channel, Rendering } from '../channel.ts';
import { render } from '../render.ts';
import {
  type AlertClaim,
  channelKey,
  claimAlerts,
  claimedKeys,
  isOurs,
  isTakenOver,
  maxConcurrentKeys,
  sentBeforeIn,
} from './claim-alerts.ts';
import { batchesOf, type PublishBatch, sendBatch } from './publish-batch.ts';
import { roundsOf } from './publishing-rounds.ts';
import { type AdmittedBurst, admitBursts, rollUpBursts } from './storm-requests.ts';

export interface PublishPorts {
  readonly send: PublishBatch;
  readonly dedup: Deduplication;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** What became of a finding on a channel. */
export type ChannelResult = { readonly topicArn: string; readonly rendering: Rendering } & (
  | { readonly result: 'sent' | 'below minimum severity' | 'rolled up' | 'another invocation is sending it' }
  | { readonly result: 'already sent'; readonly at: string }
  | { readonly result: 'failed'; readonly reason: string }
);
type Result = DistributiveOmit<ChannelResult, 'topicArn' | 'rendering'>;
type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;

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
  /** By the finding's id, one result for each channel. */
  readonly results: ReadonlyMap<string, readonly ChannelResult[]>;
}

interface ChannelReport extends Omit<PublishReport, 'results'> {
  readonly results: ReadonlyMap<string, Result>;
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
  const results = findings.map(({ id }): [string, ChannelResult[]] => [
    id,
    reports.flatMap((report, index) => {
      const channel = channels[index];
      const result = report.results.get(id);
      return channel && result
        ? [{ topicArn: channel.topicArn, rendering: channel.rendering, ...result }]
        : [];
    }),
  ]);
  return { ...sumOf(reports), results: new Map(results) };
}

function sumOf(reports: readonly ChannelReport[]): Omit<PublishReport, 'results'> {
  const sum = (of: (report: ChannelReport) => number) => reports.reduce((all, report) => all + of(report), 0);
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
  ports: PublishPorts,
): Promise<ChannelReport> {
  const isReaching = (finding: Finding) => rank(finding.severity) >= rank(channel.minSeverity);
  const below = findings
    .filter((finding) => !isReaching(finding))
    .map(({ id }): [string, Result] => [id, { result: 'below minimum severity' }]);
  const reports: ChannelReport[] = [];
  for (const round of roundsOf(findings.filter(isReaching))) {
    reports.push(await publishRound(channel, round, ports));
  }
  const results = reports.flatMap((report) => [...report.results]);
  return { ...sumOf(reports), results: new Map([...below, ...results]) };
}

async function publishRound(
  channel: Channel,
  reaching: readonly Finding[],
  { send, dedup, now }: PublishPorts,
): Promise<ChannelReport> {
  const { rendering, topicArn } = channel;
  const keyOf = (finding: Finding) => alertKey(rendering, finding);
  const gravities = new Map<string, Finding>();
  for (const finding of reaching) {
    const known = gravities.get(keyOf(finding));
    if (!known || compareSeriousness(finding, known) > 0) gravities.set(keyOf(finding), finding);
  }
  const claims = await claimAlerts(gravities, channel, dedup);
  const count = (kind: AlertClaim['kind']) =>
    [...claims.values()].filter((claim) => claim.kind === kind).length;
  const dedupFailures = [...claims.values()].flatMap((claim) =>
    claim.kind === 'unknown' ? [claim.reason] : [],
  );
  const failures: { topicArn: string; reason: string }[] = [];
  const byKey = new Map<string, Result>([...claims].flatMap(([key, claim]) => resultOf(key, claim)));
  let published = 0;
  const ours = reaching.filter((finding) => isOurs(claims.get(keyOf(finding))));
  // claimed, and neither marked as sent nor released
  const open = new Set(ours.map(keyOf));
  const settle = async (
    keys: readonly string[],
    result: Result,
    record: (alert: string, gravity: Gravity) => Promise<Recorded>,
  ) => {
    for (const key of keys) {
      open.delete(key);
      byKey.set(key, result);
    }
    const claimed = keys.flatMap((key) => {
      const finding = gravities.get(key);
      return finding ? claimedKeys(channel, key, finding) : [];
    });
    const recorded = await concurrently(maxConcurrentKeys, claimed, ({ alert, gravity }) =>
      record(alert, gravity),
    );
    dedupFailures.push(...recorded.flatMap((result) => (result.ok ? [] : [result.reason])));
  };
  const admitted = new Map<string, AdmittedBurst>();
  const giveUp = async (keys: readonly string[], reason: string) => {
    // before the claim: if the function dies in between, the next attempt takes the claim over, and rolls nothing up
    for (const { request, admission } of new Set(keys.flatMap((key) => admitted.get(key) ?? []))) {
      if (admission.kind === 'send') await dedup.withdraw(request, admission.windows);
    }
    await settle(keys, { result: 'failed', reason }, dedup.release);
  };
  try {
    const known = ours.filter((finding) => claims.get(keyOf(finding))?.kind === 'known client');
    const counted =
      rendering === 'json' ? known : await rollUpBursts(burstsOf(known), channelKey(channel), dedup);
    await settle(counted.map(keyOf), { result: 'rolled up' }, dedup.markSent);
    if (rendering !== 'json') {
      // an invocation that died may have opened a window for an alert that it did not send
      const isFirst = (finding: Finding) => {
        const claim = claims.get(keyOf(finding));
        return claim?.kind !== 'known client' && !isTakenOver(claim);
      };
      for (const one of await admitBursts(burstsOf(ours.filter(isFirst)), channelKey(channel), dedup)) {
        for (const { leading } of one.burst.events) admitted.set(keyOf(leading), one);
      }
      const rolledUp = [...admitted].flatMap(([key, { admission }]) =>
        admission.kind === 'rolled up' ? [key] : [],
      );
      await settle(rolledUp, { result: 'rolled up' }, dedup.markSent);
    }
    const sentNow = ours.filter((finding) => open.has(keyOf(finding)));
    const context = { ...topicContext(topicArn, now()), sentBefore: sentBeforeIn(claims) };
    for (const batch of batchesOf(render(rendering, sentNow, context))) {
      const failed = await sendBatch(topicArn, batch, send);
      const reasons = new Map(failed.map(({ id, code, reason }) => [id, `${code}: ${reason}`]));
      failures.push(...[...reasons.values()].map((reason) => ({ topicArn, reason })));
      const sent = batch.filter(({ id }) => !reasons.has(id));
      published += sent.length;
      // marked after each batch, so that a crash repeats at most one batch
      await settle(
        sent.flatMap(({ keys }) => keys),
        { result: 'sent' },
        dedup.markSent,
      );
      for (const { id, keys } of batch) {
        const reason = reasons.get(id);
        if (reason !== undefined) await giveUp(keys, reason);
      }
    }
    if (open.size > 0) throw new Error(`the ${rendering} rendering omitted ${open.size} alerts`);
  } catch (error) {
    // a defect in a rendering must not stop the other channels or keep its claims
    const reason = namedMessageOf(error);
    failures.push({ topicArn, reason });
    await giveUp([...open], reason);
  }
  const results = reaching.flatMap((finding): [string, Result][] => {
    const result = byKey.get(keyOf(finding));
    return result ? [[finding.id, result]] : [];
  });
  return {
    published,
    alreadySent: count('sent'),
    leasedElsewhere: count('leased'),
    dedupFailures,
    failures,
    results: new Map(results),
  };
}

/** The result of a claim that was not granted, so that nothing is sent. */
function resultOf(key: string, claim: AlertClaim): [string, Result][] {
  switch (claim.kind) {
    case 'sent':
      return [[key, { result: 'already sent', at: new Date(claim.sentAtMs).toISOString() }]];
    case 'leased':
      return [[key, { result: 'another invocation is sending it' }]];
    case 'claimed':
    case 'known client':
    case 'unknown':
      return [];
  }
}

function rank(severity: Finding['severity']): number {
  return severities.indexOf(severity);
}
