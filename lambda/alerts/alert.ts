import type { SentBefore } from '../dedup/deduplication.ts';
import type { Finding } from '../findings/finding.ts';
import type { Rendering } from './channel.ts';
import type { Message } from './message.ts';

/** A message of a channel and the findings in it. */
export interface Alert {
  /** Marked as sent afterwards: the `alertKey` of each finding in the message. */
  readonly keys: readonly string[];
  readonly message: Message;
}

/** What a rendering needs in addition to the findings. */
export interface RenderContext {
  /** The topic's account: twelve digits. */
  readonly account: string;
  /** The topic's region, such as `eu-central-1`. */
  readonly region: string;
  /** Since the epoch. */
  readonly nowMs: number;
  /** Alerts that are sent again because they are worse, by `alertKey`. @default - none */
  readonly sentBefore?: ReadonlyMap<string, SentBefore>;
}

/** On `json` each finding is an alert; on the human channels an event is one alert, whatever rules matched it. */
export function alertKey(rendering: Rendering, finding: Finding): string {
  return rendering === 'json' ? finding.id : eventKey(finding);
}

/**
 * What the findings about an event have in common. The use of a certificate is an alert of its own, in addition to the
 * alert about what was done with it.
 */
export function eventKey({ eventDigest, issuance }: Finding): string {
  return issuance ? `${eventDigest}#use` : eventDigest;
}

/**
 * What the first use of a certificate by a client and every later one have in common; `undefined` for other findings. The
 * client chooses its addresses, except the last one, and its user agent: another one is another client.
 */
export function clientKey(rendering: Rendering, finding: Finding): string | undefined {
  const { issuance, certificate, cluster, actor, rule } = finding;
  if (issuance === undefined || certificate === undefined) return undefined;
  const client = [cluster, certificate.sha256, actor.sourceIPs, actor.userAgent ?? null];
  // loaded lazily: most invocations have no finding, and it would add to their cold start
  const { createHash } = process.getBuiltinModule('node:crypto');
  const digest = createHash('sha256')
    .update(JSON.stringify(rendering === 'json' ? [rule.id, ...client] : client))
    .digest('hex');
  return `client#${digest.slice(0, 32)}`;
}

/** @param topicArn - `arn:partition:sns:region:account:name` */
export function topicContext(topicArn: string, nowMs: number): RenderContext {
  const [, , , region = '', account = ''] = topicArn.split(':');
  return { region, account, nowMs };
}
