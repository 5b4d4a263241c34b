import { concurrently } from '../../dedup/concurrently.ts';
import type { Claim, Deduplication, SentBefore } from '../../dedup/deduplication.ts';
import type { Finding } from '../../findings/finding.ts';
import type { Gravity } from '../../findings/gravity.ts';
import { clientKey } from '../alert.ts';
import type { Channel } from '../channel.ts';

/** Concurrent claims or marks of one channel. */
export const maxConcurrentKeys = 16;

/**
 * What a claim of an alert found. `known client`: it is the caller's, and the channel had an alert about uses of the same
 * certificate by the same client, so that it is only counted.
 */
export type AlertClaim = Claim | { readonly kind: 'known client' };

/** Claims the alerts of a channel. @param alerts - by their keys */
export async function claimAlerts(
  alerts: ReadonlyMap<string, Finding>,
  channel: Channel,
  dedup: Deduplication,
): Promise<Map<string, AlertClaim>> {
  const claims = await concurrently(
    maxConcurrentKeys,
    [...alerts],
    async ([key, finding]) => [key, await claimAlert(key, finding, channel, dedup)] as const,
  );
  return new Map(claims);
}

async function claimAlert(
  key: string,
  finding: Finding,
  channel: Channel,
  dedup: Deduplication,
): Promise<AlertClaim> {
  const alert = dedupKey(channel, key);
  const claim = await dedup.claim(alert, finding);
  const client = clientKey(channel.rendering, finding);
  if (client === undefined || claim.kind === 'sent' || claim.kind === 'leased') return claim;
  const known = await dedup.claim(dedupKey(channel, client), useGravity(finding));
  switch (known.kind) {
    case 'sent':
      return { kind: 'known client' };
    case 'leased':
      await dedup.release(alert);
      return known;
    case 'unknown':
      return known;
    case 'claimed':
      // a use that is worse than the first one is an alert of its own, not a correction
      if (claim.kind === 'unknown') return claim;
      return { kind: 'claimed', takenOver: claim.takenOver || known.takenOver };
  }
}

/** What is marked as sent, or released, for an alert. */
export interface ClaimedKey {
  readonly alert: string;
  readonly gravity: Gravity;
}

export function claimedKeys(channel: Channel, key: string, finding: Finding): ClaimedKey[] {
  const client = clientKey(channel.rendering, finding);
  return [
    { alert: dedupKey(channel, key), gravity: finding },
    ...(client === undefined ? [] : [{ alert: dedupKey(channel, client), gravity: useGravity(finding) }]),
  ];
}

/** A use has no phase of a request: that a client reads first and then creates something is nothing worse. */
function useGravity({ severity, outcome }: Finding): Gravity {
  return { severity, outcome, phase: 'modified' };
}

/** Whether the alert is to be sent or rolled up here. */
export function isOurs(claim: AlertClaim | undefined): boolean {
  return claim?.kind === 'claimed' || claim?.kind === 'unknown' || claim?.kind === 'known client';
}

export function isTakenOver(claim: AlertClaim | undefined): boolean {
  return claim?.kind === 'claimed' && claim.takenOver;
}

export function sentBeforeIn(claims: ReadonlyMap<string, AlertClaim>): Map<string, SentBefore> {
  return new Map(
    [...claims].flatMap(([key, claim]): [string, SentBefore][] =>
      claim.kind === 'claimed' && claim.before ? [[key, claim.before]] : [],
    ),
  );
}

/** A channel is identified by its topic and its rendering; its minimum severity may change. */
export function channelKey({ topicArn, rendering }: Channel): string {
  return `${topicArn}#${rendering}`;
}

function dedupKey(channel: Channel, key: string): string {
  return `${channelKey(channel)}#${key}`;
}
