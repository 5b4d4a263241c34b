import { paginateListSubscriptionsByTopic, type SNSClient } from '@aws-sdk/client-sns';
import { namedMessageOf } from '../../lambda/message-of.ts';

export interface TopicSubscription {
  /** `email`, `sms`, `https`, `sqs` …, as SNS names it. */
  readonly protocol: string;
  readonly endpoint: string;
  readonly state: 'confirmed' | 'pending';
}

/** The subscriptions of a topic, or why they can't be listed. */
export type TopicSubscriptions =
  | { readonly ok: true; readonly subscriptions: readonly TopicSubscription[] }
  | { readonly ok: false; readonly reason: string };

/** A confirmed subscription has an ARN; SNS answers `PendingConfirmation`, or `Deleted` for a while, in its place. */
export async function listSubscriptions(client: SNSClient, TopicArn: string): Promise<TopicSubscriptions> {
  const subscriptions: TopicSubscription[] = [];
  try {
    for await (const page of paginateListSubscriptionsByTopic({ client }, { TopicArn })) {
      for (const { Protocol = '', Endpoint = '', SubscriptionArn = '' } of page.Subscriptions ?? []) {
        if (SubscriptionArn === 'Deleted') continue;
        const state = SubscriptionArn.startsWith('arn:') ? 'confirmed' : 'pending';
        subscriptions.push({ protocol: Protocol, endpoint: Endpoint, state });
      }
    }
    return { ok: true, subscriptions };
  } catch (error) {
    return { ok: false, reason: namedMessageOf(error) };
  }
}
