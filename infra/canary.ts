import { Duration, Stack } from 'aws-cdk-lib';
import { Rule, type Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as FunctionTarget } from 'aws-cdk-lib/aws-events-targets';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { ILogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { type ITopic, SubscriptionFilter } from 'aws-cdk-lib/aws-sns';
import { SqsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { type IQueue, Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { canaryKey, canaryName } from '../lambda/canary/aws.ts';
import { acknowledge } from './acknowledgements.ts';
import { BundledFunction } from './bundled-function.ts';
import { canaryCode } from './code.ts';
import type { ObjectPlace } from './objects-road.ts';

export interface CanaryProps {
  /** Gets every finding as JSON. */
  readonly findings: ITopic;
  /** Gets what the topic can't hand over. */
  readonly undelivered: IQueue;
  readonly logGroups: readonly ILogGroup[];
  readonly objects: readonly ObjectPlace[];
  /** When a function is to run it over every log group and bucket. @default - only `npm run canary` does */
  readonly schedule?: Schedule | undefined;
  readonly logRetention: RetentionDays;
}

const timeout = Duration.minutes(10);

/** The queue that the canary's pages arrive in, and, on a schedule, the function that sends it and awaits them. */
export class Canary extends Construct {
  readonly pages: Queue;
  /** Its errors are roads that don't reach their page. @default - there is no schedule */
  readonly function?: IFunction;

  constructor(scope: Construct, id: string, props: CanaryProps) {
    super(scope, id);
    this.pages = new Queue(this, 'Pages', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      visibilityTimeout: Duration.seconds(10),
      // a canary waits for ten minutes at most; what is older nobody awaits
      retentionPeriod: Duration.minutes(15),
    });
    const reason = 'a page that no canary awaited is worth nothing: it may expire';
    acknowledge(this.pages, 'AwsSolutions-SQS3', reason);
    acknowledge(this.pages, 'Serverless-SQSRedrivePolicy', reason);
    props.findings.addSubscription(
      new SqsSubscription(this.pages, {
        rawMessageDelivery: true,
        deadLetterQueue: props.undelivered,
        filterPolicy: { rule: SubscriptionFilter.stringFilter({ allowlist: [canaryName] }) },
      }),
    );
    if (props.schedule === undefined) return;
    const sender = this.sender(props);
    this.function = sender.function;
    new Rule(this, 'Schedule', {
      description: 'csrwatch: proves that the roads from the logs to the page are open',
      schedule: props.schedule,
      targets: [
        new FunctionTarget(sender.function, { retryAttempts: 0, deadLetterQueue: props.undelivered }),
      ],
    });
  }

  private sender({ logGroups, objects, logRetention }: CanaryProps): BundledFunction {
    const stack = Stack.of(this);
    const sender = new BundledFunction(this, 'Sender', {
      code: canaryCode(),
      timeout,
      description: 'csrwatch: sends a canary down every road and waits for its page',
      logRetention,
      environment: {
        CSRWATCH_CANARY: stack.toJsonString({
          logGroups: logGroups.map(({ logGroupName }) => logGroupName),
          objects: objects.map(({ bucket, prefix }) => `${bucket.bucketName}/${prefix}`),
          queueUrl: this.pages.queueUrl,
        }),
      },
      // a canary that failed has said so: the next one tries again
      options: { retryAttempts: 0, reservedConcurrentExecutions: 1 },
    });
    for (const rule of ['LambdaDLQ', 'LambdaAsyncFailureDestination']) {
      acknowledge(
        sender.function,
        `Serverless-${rule}`,
        'a failed canary is an alarm, and nothing to be kept',
      );
    }
    const allow = (actions: string[], resources: string[]) => {
      if (resources.length > 0) sender.role.addToPolicy(new PolicyStatement({ actions, resources }));
    };
    allow(['sqs:ReceiveMessage', 'sqs:DeleteMessage'], [this.pages.queueArn]);
    allow(
      ['logs:CreateLogStream', 'logs:PutLogEvents'],
      logGroups.map(
        ({ logGroupName }) =>
          `arn:${stack.partition}:logs:${stack.region}:${stack.account}:log-group:${logGroupName}:log-stream:${canaryName}`,
      ),
    );
    allow(
      ['s3:PutObject'],
      objects.map(({ bucket, prefix }) => bucket.arnForObjects(canaryKey(prefix))),
    );
    allow(
      ['kms:GenerateDataKey'],
      objects.flatMap(({ bucket: { encryptionKey } }) => (encryptionKey ? [encryptionKey.keyArn] : [])),
    );
    return sender;
  }
}
