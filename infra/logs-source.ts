import { Duration, Stack } from 'aws-cdk-lib';
import { CfnPermission } from 'aws-cdk-lib/aws-lambda';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import { LambdaDestination } from 'aws-cdk-lib/aws-logs-destinations';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct, type IDependable } from 'constructs';
import { eksClusterOf } from '../lambda/audit/eks-log-group.ts';
import type { SubscriptionFilter } from '../lambda/kql/subscription-filter.ts';
import { DetectorFunction, type DetectorSettings } from './detector-function.ts';
import { subscribeTo, type WatchedLogGroup } from './log-subscription.ts';
import { deadLetterQueue } from './queues.ts';

export interface LogsSourceProps extends DetectorSettings {
  readonly logGroups: readonly WatchedLogGroup[];
  /** Clusters by the names of log groups that come by the stream. */
  readonly streamClusters?: Readonly<Record<string, string>> | undefined;
  /** The filter of the rules. */
  readonly filter: SubscriptionFilter;
}

/** CloudWatch Logs gives a delivery up after six hours, Lambda's longest. */
const maxEventAge = Duration.hours(6);

/** Log groups ─ subscription filters ─▶ detector; what fails twice more stands in `failed` with its payload. */
export class LogsSource extends Construct {
  readonly detector: DetectorFunction;
  readonly deadLetterQueue: Queue;

  constructor(scope: Construct, id: string, props: LogsSourceProps) {
    super(scope, id);
    const { logGroups, streamClusters = {}, filter: derived, ...settings } = props;
    this.deadLetterQueue = deadLetterQueue(this, 'DeadLetterQueue');
    this.detector = new DetectorFunction(this, 'Detector', {
      ...settings,
      timeout: Duration.minutes(1),
      description: 'csrwatch: evaluates audit events of log groups against the detection rules',
      clusters: { logGroups: { ...streamClusters, ...clustersOf(logGroups) } },
      options: { onFailure: new SqsDestination(this.deadLetterQueue), retryAttempts: 2, maxEventAge },
    });
    if (logGroups.length === 0) return;
    const permission = this.permission();
    const destination = new LambdaDestination(this.detector.function, { addPermissions: false });
    for (const filter of subscribeTo(this, logGroups, destination, derived)) {
      filter.node.addDependency(permission as IDependable);
    }
  }

  /**
   * One for all groups: a function's resource policy holds some fifty of CDK's one a filter. The wildcard is held to this
   * account's groups.
   */
  private permission(): CfnPermission {
    const { account, partition, region } = Stack.of(this);
    return new CfnPermission(this, 'Permission', {
      action: 'lambda:InvokeFunction',
      functionName: this.detector.function.functionArn,
      principal: 'logs.amazonaws.com',
      sourceAccount: account,
      sourceArn: `arn:${partition}:logs:${region}:${account}:log-group:*`,
    });
  }
}

/** What the group's name says itself needs no room in the function's environment. */
function clustersOf(logGroups: readonly WatchedLogGroup[]): Record<string, string> {
  return Object.fromEntries(
    logGroups.flatMap(({ logGroup: { logGroupName }, cluster }) =>
      cluster === undefined || cluster === eksClusterOf(logGroupName) ? [] : [[logGroupName, cluster]],
    ),
  );
}
