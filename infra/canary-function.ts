import { Duration, Stack } from 'aws-cdk-lib';
import { Rule, RuleTargetInput, type Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as FunctionTarget } from 'aws-cdk-lib/aws-events-targets';
import type { Code, IFunction } from 'aws-cdk-lib/aws-lambda';
import type { ILogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { type ITopic, SubscriptionFilter } from 'aws-cdk-lib/aws-sns';
import { SqsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { type IQueue, Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { canaryKey, canaryName } from '../lambda/canary/canary-event.ts';
import { formatVersion } from '../lambda/format-version.ts';
import { acknowledge, grantByWildcard } from './acknowledgements.ts';
import { BundledFunction } from './bundled-function.ts';
import { chunks } from './chunks.ts';
import { ConfigError } from './config/config-error.ts';
import { grantAll } from './grants.ts';
import { openToRules } from './queues.ts';
import type { ObjectPlace } from './s3-source.ts';

export interface CanaryProps {
  /** The bundle: `bundledCode`. */
  readonly code: Code;
  /** Gets every finding as JSON. */
  readonly findings: ITopic;
  /** Gets what EventBridge or SNS cannot deliver. */
  readonly undelivered: Queue;
  /** The same queue, whose policy admits every topic. */
  readonly undeliveredByTopics: IQueue;
  readonly logGroups: readonly ILogGroup[];
  readonly objects: readonly ObjectPlace[];
  /** When a function is to run it over every log group and bucket. @default - only `csrwatch canary` does */
  readonly schedule?: Schedule | undefined;
  readonly logRetention: RetentionDays;
}

const timeout = Duration.minutes(10);

/** A rule has at most five targets, and the input of a target 8,192 characters, in which quotation marks are escaped again. */
const mostTargets = 5;
const mostInputCharacters = 6_000;

/** The queue in which the canary's alerts arrive and, with a schedule, the function that sends canaries and waits for them. */
export class Canary extends Construct {
  readonly queue: Queue;
  /** Its errors are sources that don't reach their page. @default - there is no schedule */
  readonly function?: IFunction;

  /** @throws {ConfigError} if a schedule has no source, or more than a rule can name */
  constructor(scope: Construct, id: string, props: CanaryProps) {
    super(scope, id);
    this.queue = new Queue(this, 'Queue', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      visibilityTimeout: Duration.seconds(10),
      // a canary waits for ten minutes at most; older messages are useless
      retentionPeriod: Duration.minutes(15),
    });
    const reason = 'a page that no canary awaited is worth nothing: it may expire';
    acknowledge(this.queue, 'AwsSolutions-SQS3', reason);
    acknowledge(this.queue, 'Serverless-SQSRedrivePolicy', reason);
    props.findings.addSubscription(
      new SqsSubscription(this.queue, {
        rawMessageDelivery: true,
        deadLetterQueue: props.undeliveredByTopics,
        filterPolicy: { rule: SubscriptionFilter.stringFilter({ allowlist: [canaryName] }) },
      }),
    );
    if (props.schedule === undefined) return;
    const sender = this.sender(props);
    const deadLetterQueue = openToRules(props.undelivered);
    this.function = sender.function;
    new Rule(this, 'Schedule', {
      description: 'csrwatch: proves delivery from the sources to an alert',
      schedule: props.schedule,
      targets: inputs(props).map(
        (input) =>
          new FunctionTarget(sender.function, {
            event: RuleTargetInput.fromObject(input),
            retryAttempts: 0,
            deadLetterQueue,
          }),
      ),
    });
  }

  private sender({ code, logGroups, objects, logRetention }: CanaryProps): BundledFunction {
    const stack = Stack.of(this);
    const sender = new BundledFunction(this, 'Sender', {
      code,
      handler: 'canary.handler',
      timeout,
      description: 'csrwatch: sends a canary through every source and waits for its alert',
      logRetention,
      environment: { CSRWATCH_CANARY_QUEUE: this.queue.queueUrl },
      // a failed canary has already been reported, and the next one tries again
      options: { retryAttempts: 0 },
    });
    for (const rule of ['LambdaDLQ', 'LambdaAsyncFailureDestination']) {
      acknowledge(
        sender.function,
        `Serverless-${rule}`,
        'a failed canary is an alarm, and nothing to be kept',
      );
    }
    grantAll(sender.role, ['sqs:ReceiveMessage', 'sqs:DeleteMessage'], [this.queue.queueArn]);
    if (logGroups.length > 0) {
      grantByWildcard(
        sender.role,
        ['logs:CreateLogStream', 'logs:PutLogEvents'],
        `arn:${stack.partition}:logs:${stack.region}:${stack.account}:log-group:*:log-stream:${canaryName}`,
        "a role's policies have no room for hundreds of groups; in each it is the stream of canaries alone",
      );
    }
    for (const { bucket, prefix } of objects) {
      const keys = bucket.arnForObjects(canaryKey(prefix, '*'));
      grantByWildcard(sender.role, ['s3:PutObject'], keys, 'each canary writes an object of its own');
    }
    grantAll(
      sender.role,
      ['kms:GenerateDataKey'],
      objects.flatMap(({ bucket: { encryptionKey } }) => (encryptionKey ? [encryptionKey.keyArn] : [])),
    );
    return sender;
  }
}

/** The sources that each target passes to the function: hundreds of log groups exceed the 4 KB of its environment. */
function inputs({ logGroups, objects }: CanaryProps): object[] {
  const sources = [
    ...logGroups.map(({ logGroupName }) => logGroupName),
    ...objects.map(({ bucket, prefix }) => `s3://${bucket.bucketName}/${prefix}`),
  ];
  const lists = chunks(sources, mostInputCharacters);
  if (lists.length === 0) {
    throw new ConfigError('canarySchedule: there is no log group and no bucket to send a canary to');
  }
  if (lists.length <= mostTargets) return lists.map((list) => ({ formatVersion, sources: list }));
  throw new ConfigError(
    `canarySchedule: the names of ${sources.length} log groups and buckets are more than a rule takes; split them over ` +
      'several stacks, or leave it to `csrwatch canary`',
  );
}
