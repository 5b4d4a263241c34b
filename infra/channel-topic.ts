import { Duration, SecretValue, Token } from 'aws-cdk-lib';
import { type ITopic, Subscription, SubscriptionProtocol } from 'aws-cdk-lib/aws-sns';
import { SqsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Rendering } from '../lambda/alerts/channel.ts';
import type { Severity } from '../lambda/findings/finding.ts';

/** The subscribers of a channel. */
export interface Subscribers {
  /** Addresses; each must confirm. @default - none */
  readonly emails?: readonly string[];
  /** Telephone numbers, as +4915112345678. @default - none */
  readonly sms?: readonly string[];
  /** HTTPS URLs, or the name or ARN of the Secrets Manager secret that holds one. @default - none */
  readonly https?: readonly (string | { readonly secret: string })[];
  /** @default - none */
  readonly queues?: readonly IQueue[];
}

/** A topic with a rendering and a minimum severity. */
export interface ChannelProps {
  /** Unique among the channels; a part of logical ids. */
  readonly name: string;
  readonly rendering: Rendering;
  /** Findings below it are not sent to this channel. @default 'low' */
  readonly minSeverity?: Severity;
  /** @default - one is created: encrypted, over TLS only, and only the detectors may publish */
  readonly topic?: ITopic | undefined;
  /** @default - none, until `topic.addSubscription` is called */
  readonly subscribers?: Subscribers;
}

/** By default SNS tries three times within a minute, but an outage of an on-call tool lasts longer. The maximum is an hour. */
const deliveryPolicy = {
  healthyRetryPolicy: {
    numRetries: 20,
    minDelayTarget: Duration.seconds(5),
    maxDelayTarget: Duration.minutes(2),
  },
};

/** Each subscription has a dead-letter queue, which keeps messages that cannot be delivered. */
export class Channel extends Construct {
  readonly topic: ITopic;
  readonly rendering: Rendering;
  readonly minSeverity: Severity;

  constructor(scope: Construct, id: string, props: ChannelProps & { topic: ITopic; undelivered: IQueue }) {
    super(scope, id);
    const { topic, rendering, minSeverity = 'low', subscribers = {}, undelivered } = props;
    this.topic = topic;
    this.rendering = rendering;
    this.minSeverity = minSeverity;
    subscribe(this, topic, subscribers, undelivered, rendering === 'json');
  }
}

/** @param raw - the message itself reaches URLs and queues, without SNS's envelope */
export function subscribe(
  scope: Construct,
  topic: ITopic,
  { emails = [], sms = [], https = [], queues = [] }: Subscribers,
  deadLetterQueue: IQueue,
  raw: boolean,
): void {
  const shared = { topic, deadLetterQueue };
  for (const [index, endpoint] of emails.entries()) {
    new Subscription(scope, idOf('Email', index, endpoint), {
      ...shared,
      protocol: SubscriptionProtocol.EMAIL,
      endpoint,
    });
  }
  for (const [index, endpoint] of sms.entries()) {
    new Subscription(scope, idOf('Sms', index, endpoint), {
      ...shared,
      protocol: SubscriptionProtocol.SMS,
      endpoint,
    });
  }
  for (const [index, url] of https.entries()) {
    // CloudFormation resolves a secret at deployment: the template contains only its name
    const [id, endpoint] =
      typeof url === 'string'
        ? [url, url]
        : [url.secret, SecretValue.secretsManager(url.secret).unsafeUnwrap()];
    new Subscription(scope, idOf('Https', index, id), {
      ...shared,
      protocol: SubscriptionProtocol.HTTPS,
      endpoint,
      rawMessageDelivery: raw,
      deliveryPolicy,
    });
  }
  for (const queue of queues) {
    topic.addSubscription(new SqsSubscription(queue, { rawMessageDelivery: raw, deadLetterQueue }));
  }
}

/** The endpoint itself, so that an order does not matter; a value that is known only when the stack is deployed can't be an id. */
function idOf(kind: string, index: number, endpoint: string): string {
  return Token.isUnresolved(endpoint) ? `${kind}${index + 1}` : endpoint;
}
