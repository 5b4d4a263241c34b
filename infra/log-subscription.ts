import { Stack, Token } from 'aws-cdk-lib';
import {
  FilterPattern,
  type ILogGroup,
  type ILogSubscriptionDestination,
  SubscriptionFilter,
} from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { eksClusterOf } from '../lambda/audit/eks-log-group.ts';
import { ConfigError } from './config/config-error.ts';

/** A log group that exists: none is ever made. */
export interface WatchedLogGroup {
  readonly logGroup: ILogGroup;
  /** @default - what the group's name says, as in /aws/eks/NAME/cluster, or the event */
  readonly cluster?: string | undefined;
  /**
   * The audit events stand bare in the log, as EKS writes them, so that AWS may filter them by the pattern derived from
   * the rules. @default - true for /aws/eks/NAME/cluster
   */
  readonly bare?: boolean | undefined;
  /**
   * Also deliver the API server's own words on audit events that it could not write: docs/configuration.md says what it
   * costs. It takes the group's second subscription filter. @default false
   */
  readonly apiServerLogs?: boolean | undefined;
}

/**
 * The legacy audit line in the API server's own log. A phrase, since the pattern for JSON sees JSON alone; it spares
 * the regular expressions, of which a group takes five.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
 */
const apiServerPattern = '"AUDIT: id="';

/** What a stack of 500 resources leaves for them; alarms on silence take as much again where there are few groups. */
const maxFilters = 300;

/**
 * Subscribes a destination to log groups.
 * @param pattern - derived from the rules, for groups whose events stand bare
 * @throws {ConfigError} where they are more than a stack holds, or the stack's own log is among them
 */
export function subscribeTo(
  scope: Construct,
  watched: readonly WatchedLogGroup[],
  destination: ILogSubscriptionDestination,
  pattern: string,
): SubscriptionFilter[] {
  checkNumber(watched);
  return watched.flatMap(({ logGroup, bare, apiServerLogs = false }) => {
    const { logGroupName } = logGroup;
    checkForeign(scope, logGroupName);
    const id = Token.isUnresolved(logGroupName) ? logGroup.node.addr : logGroupName;
    const filter = (name: string, filterPattern: string) =>
      new SubscriptionFilter(scope, name, {
        logGroup,
        destination,
        filterPattern: FilterPattern.literal(filterPattern),
      });
    const main = filter(`Filter${id}`, standsBare(logGroupName, bare) ? pattern : '');
    return apiServerLogs ? [main, filter(`ApiServerFilter${id}`, apiServerPattern)] : [main];
  });
}

/** Whether audit events stand bare in the group, as is said or as EKS's name tells. */
export function standsBare(logGroupName: string, bare: boolean | undefined): boolean {
  return bare ?? eksClusterOf(logGroupName) !== undefined;
}

function checkNumber(watched: readonly WatchedLogGroup[]): void {
  const filters = watched.length + watched.filter(({ apiServerLogs }) => apiServerLogs).length;
  if (filters <= maxFilters) return;
  throw new ConfigError(
    `logGroups: got ${watched.length}, with ${filters} subscription filters; a stack takes ${maxFilters}, of which ` +
      'apiServerLogs is a second one a group. Split them over several stacks, or send them through a Kinesis stream (stream)',
  );
}

/** A detector that reads its own log would write about it, and read that. */
function checkForeign(scope: Construct, logGroupName: string): void {
  const { stackName } = Stack.of(scope);
  if (Token.isUnresolved(logGroupName)) return;
  if (![`${stackName}-`, `/aws/lambda/${stackName}-`].some((own) => logGroupName.startsWith(own))) return;
  throw new ConfigError(
    `logGroups: ${logGroupName} is a log of ${stackName} itself, which would feed itself`,
  );
}
