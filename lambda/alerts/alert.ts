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
  /** Of the topic: twelve digits, and a name such as `eu-central-1`. */
  readonly account: string;
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

/** What the findings about an event have in common. That a certificate was used is an alert besides what was done with it. */
export function eventKey({ eventDigest, issuance }: Finding): string {
  return issuance ? `${eventDigest}#use` : eventDigest;
}

/** @param topicArn - `arn:partition:sns:region:account:name` */
export function topicContext(topicArn: string, nowMs: number): RenderContext {
  const [, , , region = '', account = ''] = topicArn.split(':');
  return { region, account, nowMs };
}
