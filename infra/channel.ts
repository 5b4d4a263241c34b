import { SecretValue } from 'aws-cdk-lib';
import { type ITopic, Subscription, SubscriptionProtocol } from 'aws-cdk-lib/aws-sns';
import { SqsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Severity } from '../lambda/findings/finding.ts';

/** What a message looks like: docs/configuration.md says who reads which. */
export const renderings = ['json', 'text', 'chat', 'alarm'] as const;
export type Rendering = (typeof renderings)[number];

/** Who gets a channel's messages. */
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

/** A topic with a rendering and a bar. */
export interface ChannelProps {
  /** Unique among the channels; a part of logical ids. */
  readonly name: string;
  readonly rendering: Rendering;
  /** Findings below it don't go there. @default 'low' */
  readonly lowestSeverity?: Severity;
  /** @default - one is made: encrypted, over TLS alone, and nobody but the detectors may publish */
  readonly topic?: ITopic | undefined;
  /** @default - nobody, until `topic.addSubscription` is called */
  readonly subscribers?: Subscribers;
}

/** Subscribes with a dead-letter queue each: what a subscriber doesn't take is kept. */
export class Channel extends Construct {
  readonly topic: ITopic;
  readonly rendering: Rendering;
  readonly lowestSeverity: Severity;

  constructor(scope: Construct, id: string, props: ChannelProps & { topic: ITopic; undelivered: IQueue }) {
    super(scope, id);
    const { topic, rendering, lowestSeverity = 'low', subscribers = {}, undelivered } = props;
    this.topic = topic;
    this.rendering = rendering;
    this.lowestSeverity = lowestSeverity;
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
  const add = (protocol: SubscriptionProtocol, id: string, endpoint: string, rawMessageDelivery = false) =>
    new Subscription(scope, id, { topic, protocol, endpoint, rawMessageDelivery, deadLetterQueue });
  for (const address of emails) add(SubscriptionProtocol.EMAIL, address, address);
  for (const number of sms) add(SubscriptionProtocol.SMS, number, number);
  for (const url of https) {
    if (typeof url === 'string') add(SubscriptionProtocol.HTTPS, url, url, raw);
    // CloudFormation reads it while deploying: the template holds the secret's name alone
    else
      add(SubscriptionProtocol.HTTPS, url.secret, SecretValue.secretsManager(url.secret).unsafeUnwrap(), raw);
  }
  for (const queue of queues) {
    topic.addSubscription(new SqsSubscription(queue, { rawMessageDelivery: raw, deadLetterQueue }));
  }
}
