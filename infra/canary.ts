import { Duration, Stack } from 'aws-cdk-lib';
import { type IRule, Rule, type Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as FunctionTarget } from 'aws-cdk-lib/aws-events-targets';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Code, IFunction } from 'aws-cdk-lib/aws-lambda';
import { type ILogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { type ITopic, SubscriptionFilter } from 'aws-cdk-lib/aws-sns';
import { SqsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { canaryName } from '../lambda/canary/aws.ts';
import { acknowledge } from './acknowledgements.ts';
import { DetectorFunction } from './detector-function.ts';

export interface CanaryProps {
  /** Gets every finding as JSON. */
  readonly findings: ITopic;
  readonly logGroups: readonly ILogGroup[];
  readonly buckets: readonly IBucket[];
  /** When a function is to run it over every log group and bucket. @default - only `npm run canary` does */
  readonly schedule?: Schedule;
  /** `writeCanaryBundle`'s directory. Needed for a schedule. */
  readonly code?: Code;
  /** @default RetentionDays.ONE_MONTH */
  readonly logRetention?: RetentionDays;
}

const timeout = Duration.minutes(10);

/** The queue that the canary's pages arrive in, and, on a schedule, the function that sends it and awaits them. */
export class Canary extends Construct {
  readonly pages: Queue;
  /** Its errors are roads that don't reach their page. @default - there is no schedule */
  readonly function?: IFunction;
  readonly rule?: IRule;

  constructor(scope: Construct, id: string, props: CanaryProps) {
    super(scope, id);
    this.pages = new Queue(this, 'Pages', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      visibilityTimeout: Duration.seconds(10),
      // a canary waits for ten minutes at most; what is older nobody awaits
      retentionPeriod: Duration.minutes(15),
    });
    acknowledge(this.pages, 'SQS3', 'a canary that nobody awaited is worth nothing: its page may expire');
    props.findings.addSubscription(
      new SqsSubscription(this.pages, {
        rawMessageDelivery: true,
        filterPolicy: { rule: SubscriptionFilter.stringFilter({ allowlist: [canaryName] }) },
      }),
    );
    if (props.schedule === undefined || props.code === undefined) return;
    const sender = this.scheduled(props, props.code);
    this.function = sender;
    this.rule = new Rule(this, 'Schedule', {
      description: 'csrwatch: proves that the roads from the logs to the page are open',
      schedule: props.schedule,
      // a canary that failed has said so: the next one tries again
      targets: [new FunctionTarget(sender, { retryAttempts: 0 })],
    });
  }

  private scheduled({ logGroups, buckets, logRetention = RetentionDays.ONE_MONTH }: CanaryProps, code: Code) {
    const { partition, region, account } = Stack.of(this);
    const sender = new DetectorFunction(this, 'Sender', {
      code,
      timeout,
      description: 'csrwatch: sends a canary down every road and waits for its page',
      retention: logRetention,
      environment: {
        CSRWATCH_CANARY: Stack.of(this).toJsonString({
          logGroups: logGroups.map(({ logGroupName }) => logGroupName),
          buckets: buckets.map(({ bucketName }) => bucketName),
          queueUrl: this.pages.queueUrl,
        }),
      },
      options: { retryAttempts: 0, reservedConcurrentExecutions: 1 },
    });
    this.pages.grantConsumeMessages(sender.function);
    const streams = logGroups.map(
      ({ logGroupName }) =>
        `arn:${partition}:logs:${region}:${account}:log-group:${logGroupName}:log-stream:${canaryName}`,
    );
    if (streams.length > 0) {
      sender.function.addToRolePolicy(
        new PolicyStatement({ actions: ['logs:CreateLogStream', 'logs:PutLogEvents'], resources: streams }),
      );
    }
    const objects = buckets.map((bucket) => bucket.arnForObjects(`${canaryName}/event.ndjson`));
    if (objects.length > 0) {
      sender.function.addToRolePolicy(new PolicyStatement({ actions: ['s3:PutObject'], resources: objects }));
    }
    return sender.function;
  }
}
