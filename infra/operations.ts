import { Duration, Stack } from 'aws-cdk-lib';
import {
  Alarm,
  ComparisonOperator,
  type IMetric,
  MathExpression,
  Metric,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Topic } from 'aws-cdk-lib/aws-sns';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { metricsNamespace } from '../lambda/metrics.ts';

/** What is watched of the watcher. */
export interface OperationsProps {
  /** Gets every alarm. */
  readonly topic: Topic;
  readonly functions: readonly IFunction[];
  /** Queues of what failed: a message in one is evidence that nobody has looked at. */
  readonly failures: readonly IQueue[];
  /** Of object notifications. @default - the S3 road isn't there */
  readonly objects?: IQueue;
  /** A log group is watched. @default false */
  readonly logs?: boolean;
}

const runbook = 'docs/runbook.md';
const period = Duration.minutes(5);

/** Alarms on whatever could make csrwatch miss something; each description says what it means and where to read on. */
export class Operations extends Construct {
  private readonly topic: Topic;

  constructor(scope: Construct, id: string, { topic, functions, failures, objects, logs }: OperationsProps) {
    super(scope, id);
    this.topic = topic;
    const { account } = Stack.of(this);
    topic.grantPublish(
      new ServicePrincipal('cloudwatch.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': account } },
      }),
    );
    for (const [index, detector] of functions.entries()) {
      const suffix = index === 0 ? '' : `${index + 1}`;
      this.alarm(
        `Errors${suffix}`,
        detector.metricErrors({ period }),
        'function-errors',
        'a detector throws: its input is tried again, then kept as failed',
      );
      this.alarm(
        `Throttles${suffix}`,
        detector.metricThrottles({ period }),
        'function-throttles',
        'a detector is throttled: logs wait, and are lost after their retries',
      );
    }
    for (const [index, queue] of failures.entries()) {
      this.alarm(
        `Failed${index === 0 ? '' : `${index + 1}`}`,
        queue.metricApproximateNumberOfMessagesVisible({ period, statistic: 'Maximum' }),
        'failed-inputs',
        'an input could not be read or published after all tries: nobody has seen what is in it',
      );
    }
    if (objects) {
      this.alarm(
        'Age',
        objects.metricApproximateAgeOfOldestMessage({ period, statistic: 'Maximum' }),
        'objects-wait',
        'dropped logs wait for more than an hour: pages come late',
        3_600,
      );
    }
    this.alarm(
      'Rejected',
      counted('Rejected'),
      'rejected-records',
      'records that should have been readable were not, so that no rule saw them',
    );
    this.alarm(
      'PublishFailures',
      counted('PublishFailures'),
      'publish-failures',
      'a page could not be published: the input is tried again',
    );
    if (logs) {
      this.alarm(
        'DeliveryErrors',
        delivered('DeliveryErrors'),
        'delivery-errors',
        'CloudWatch Logs could not deliver to a subscription: the logs of up to ten minutes are skipped',
      );
      this.alarm(
        'DeliveryThrottling',
        delivered('DeliveryThrottling'),
        'delivery-throttling',
        'CloudWatch Logs is throttled on delivery: it tries again for a day',
      );
    }
  }

  private alarm(id: string, metric: IMetric, anchor: string, meaning: string, threshold = 1): void {
    new Alarm(this, id, {
      metric,
      threshold,
      evaluationPeriods: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
      alarmDescription: `csrwatch: ${meaning}. What to do: ${runbook}#${anchor}`,
    }).addAlarmAction(new SnsAction(this.topic));
  }
}

/** What the functions count themselves, over both roads. */
function counted(name: string): IMetric {
  const of = (source: string) =>
    new Metric({
      namespace: metricsNamespace,
      metricName: name,
      dimensionsMap: { Source: source },
      statistic: 'Sum',
      period,
    });
  return new MathExpression({
    expression: 'SUM(METRICS())',
    usingMetrics: { logs: of('logs'), objects: of('objects') },
    label: name,
    period,
  });
}

/** Over all subscriptions to functions: two hundred groups have no room for two hundred alarms. */
function delivered(name: string): IMetric {
  return new MathExpression({
    expression: `SELECT SUM(${name}) FROM SCHEMA("AWS/Logs", DestinationType, FilterName, LogGroupName) WHERE DestinationType = 'Lambda'`,
    usingMetrics: {},
    label: name,
    period,
  });
}
