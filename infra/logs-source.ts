import { Duration, Stack } from 'aws-cdk-lib';
import { CfnPermission } from 'aws-cdk-lib/aws-lambda';
import { LambdaDestination } from 'aws-cdk-lib/aws-logs-destinations';
import { Construct, type IDependable } from 'constructs';
import { eksClusterOf } from '../lambda/audit/eks-log-group.ts';
import { filterNameOf } from './deployed-name.ts';
import { DetectorFunction, type DetectorSettings } from './detector-function.ts';
import { FailureDestination } from './failure-destination.ts';
import { type LogFilters, subscribeTo, type WatchedLogGroup } from './log-subscription.ts';

export interface LogsSourceProps extends DetectorSettings {
  readonly logGroups: readonly WatchedLogGroup[];
  /** Clusters by `ACCOUNT:LOG_GROUP`, of log groups that arrive through the stream. */
  readonly streamClusters?: Readonly<Record<string, string>> | undefined;
  /** The filters of the rules. */
  readonly filters: LogFilters;
}

/** Lambda's longest timeout. */
const maxEventAge = Duration.hours(6);

/** Log groups ─ subscription filters ─▶ detector; a delivery that fails three times is stored by `failures`. */
export class LogsSource extends Construct {
  readonly detector: DetectorFunction;
  readonly failures: FailureDestination;
  /** Of each subscription filter. */
  readonly filterName: string;

  constructor(scope: Construct, id: string, props: LogsSourceProps) {
    super(scope, id);
    const { logGroups, streamClusters = {}, filters, ...settings } = props;
    this.failures = new FailureDestination(this, 'Failures');
    this.filterName = filterNameOf(this);
    this.detector = new DetectorFunction(this, 'Detector', {
      ...settings,
      timeout: Duration.minutes(1),
      description: 'csrwatch: evaluates audit events of log groups against the detection rules',
      clusters: { logGroups: { ...streamClusters, ...clustersOf(logGroups) } },
      options: { onFailure: this.failures, retryAttempts: 2, maxEventAge },
    });
    this.failures.grantWrite(this.detector.role);
    if (logGroups.length === 0) return;
    const permission = this.permission();
    const destination = new LambdaDestination(this.detector.function, { addPermissions: false });
    for (const filter of subscribeTo(this, logGroups, destination, filters)) {
      filter.node.addDependency(permission as IDependable);
    }
  }

  /**
   * One for all log groups of this account: CDK would add one per filter, and a function's resource policy holds about 50.
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

/** Without those that the name of the log group specifies, to keep the function's environment small. */
function clustersOf(logGroups: readonly WatchedLogGroup[]): Record<string, string> {
  return Object.fromEntries(
    logGroups.flatMap(({ logGroup: { logGroupName }, cluster }) =>
      cluster === undefined || cluster === eksClusterOf(logGroupName) ? [] : [[logGroupName, cluster]],
    ),
  );
}
