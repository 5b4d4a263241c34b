import { Lazy, Stack } from 'aws-cdk-lib';
import { PolicyStatement, type Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { type IKey, Key } from 'aws-cdk-lib/aws-kms';
import { type ITopic, Topic } from 'aws-cdk-lib/aws-sns';
import type { IQueue, Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { Channel, type ChannelProps, type Subscribers, subscribe } from './channel-topic.ts';
import { ConfigError } from './config/config-error.ts';
import { denyPublishing } from './deny-publishing.ts';
import { operationsTopic, type SourceAccounts } from './operations-topic.ts';
import { deadLetterQueue, openToTopics } from './queues.ts';

export interface ChannelsProps {
  readonly channels: readonly ChannelProps[];
  /** Encrypts topics. @default - a new key */
  readonly key?: IKey | undefined;
  /** Who receives alarms about csrwatch itself. @default - none */
  readonly operations?: Subscribers | undefined;
  /** Accounts that report to the operations topic, too. @default - none */
  readonly sourceAccounts?: SourceAccounts | undefined;
}

/** The topics, their subscribers, and the permissions to publish. */
export class Channels extends Construct {
  /** Receives alarms about csrwatch itself, each with a reference to the runbook. */
  readonly operations: Topic;
  /** Messages that SNS could not deliver to a subscriber. */
  readonly undelivered: Queue;
  /** The same queue, whose policy admits every topic. */
  readonly undeliveredByTopics: IQueue;
  /** Encrypts the topics that csrwatch creates. */
  readonly key: IKey;
  private readonly channels = new Map<string, Channel>();
  private readonly publishers: string[] = [];

  constructor(
    scope: Construct,
    id: string,
    { channels, key, operations = {}, sourceAccounts }: ChannelsProps,
  ) {
    super(scope, id);
    this.key = key ?? new Key(this, 'Key', { description: 'csrwatch: topics', enableKeyRotation: true });
    this.letSnsUseKey();
    this.undelivered = deadLetterQueue(this, 'Undelivered', this.key);
    this.operations = operationsTopic(this, 'OperationsTopic', this.key, {
      sourceAccounts,
      publishers: () => this.publishers,
    });
    this.undeliveredByTopics = openToTopics(
      this.undelivered,
      channels.flatMap(({ topic }) => topic ?? []),
    );
    subscribe(this.operations, this.operations, operations, this.undeliveredByTopics, false);
    for (const props of channels) {
      if (this.channels.has(props.name))
        throw new ConfigError(`channels: two are named ${props.name}; each needs a name of its own`);
      const id = pascalCase(props.name);
      const topic = props.topic ?? this.channelTopic(id);
      this.channels.set(
        props.name,
        new Channel(this, `${id}Channel`, { ...props, topic, undelivered: this.undeliveredByTopics }),
      );
    }
  }

  /** Of every channel; `operations` is none. */
  topics(): ITopic[] {
    return [...this.channels.values()].map(({ topic }) => topic);
  }

  topic(name: string): ITopic {
    const channel = this.channels.get(name);
    if (channel) return channel.topic;
    throw new ConfigError(
      `channels: none is named ${name}; they are ${[...this.channels.keys()].join(', ')}`,
    );
  }

  /** The channels, as a detector reads them from `CSRWATCH_CHANNELS`. */
  environment(): string {
    return Stack.of(this).toJsonString(
      [...this.channels.values()].map(({ rendering, topic, minSeverity }) => ({
        rendering,
        topicArn: topic.topicArn,
        minSeverity,
      })),
    );
  }

  /** Lets a detector publish to every channel, and report records that it cannot read to the operations topic. */
  grantPublish(role: Role): void {
    this.publishers.push(role.roleArn);
    const topics = [...this.topics(), this.operations];
    const keys = [...new Set(topics.flatMap(({ masterKey }) => masterKey ?? []))];
    role.addToPolicy(
      new PolicyStatement({ actions: ['sns:Publish'], resources: topics.map(({ topicArn }) => topicArn) }),
    );
    if (keys.length === 0) return;
    role.addToPolicy(
      new PolicyStatement({
        actions: ['kms:GenerateDataKey', 'kms:Decrypt'],
        resources: keys.map(({ keyArn }) => keyArn),
      }),
    );
  }

  private channelTopic(id: string): Topic {
    const topic = this.encryptedTopic(id);
    denyPublishing(topic, 'OnlyDetectorsPublish', {
      ArnNotEquals: { 'aws:PrincipalArn': Lazy.list({ produce: () => this.publishers }) },
    });
    return topic;
  }

  private encryptedTopic(id: string): Topic {
    return new Topic(this, id, { masterKey: this.key, enforceSSL: true });
  }

  /**
   * SNS writes what it can't deliver into an encrypted queue, if the key allows it. The queue's policy limits the topics. SNS
   * is not documented to pass the topic on to KMS, so a condition here could lose undelivered messages.
   */
  private letSnsUseKey(): void {
    this.key.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('sns.amazonaws.com')],
        actions: ['kms:GenerateDataKey*', 'kms:Decrypt'],
        // a key policy applies to the key itself
        resources: ['*'],
      }),
    );
  }
}

function pascalCase(name: string): string {
  return name.replace(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());
}
