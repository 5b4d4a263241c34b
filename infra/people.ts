import { Annotations, type Stack } from 'aws-cdk-lib';
import type { Rendering } from '../lambda/alerts/channel.ts';
import type { Config } from './config.ts';

/** Who among a stack's subscribers is a person, or a service that wakes one. */

/** The channels that people read: all but `json`. */
export function humanChannels({
  sms,
  channels,
}: Pick<Config, 'sms' | 'channels'>): readonly { readonly name: string; readonly rendering: Rendering }[] {
  return [
    { name: 'alerts', rendering: 'text' },
    ...(sms.length > 0 ? [{ name: 'sms', rendering: 'text' } as const] : []),
    ...channels.filter(({ rendering }) => rendering !== 'json'),
  ];
}

/**
 * Whether people are subscribed by the configuration, or may be subscribed outside of it: Amazon Q Developer subscribes
 * itself to a `chat` channel, and an existing topic has subscribers of its own.
 */
export function hasHumanSubscribers({ emails, sms, channels }: Config): boolean {
  if (emails.length + sms.length > 0) return true;
  return channels.some(
    ({ rendering, topicArn, emails, sms, https }) =>
      rendering !== 'json' &&
      (topicArn !== undefined ||
        rendering === 'chat' ||
        emails.length + sms.length > 0 ||
        (rendering === 'alarm' && https.length > 0)),
  );
}

export function warnAboutMissingPeople(stack: Stack): void {
  Annotations.of(stack).addWarningV2(
    'csrwatch:people',
    'no person is subscribed to alerts: add -c email=ADDRESS, or emails, sms or a channel to the configuration file. ' +
      'Until then findings go only to the JSON topic.',
  );
}
