import { Annotations, Stack, Token } from 'aws-cdk-lib';
import {
  FilterPattern,
  type ILogGroup,
  type ILogSubscriptionDestination,
  SubscriptionFilter,
} from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { eksClusterOf } from '../lambda/audit/eks-log-group.ts';
import type { SubscriptionFilter as DerivedFilter } from '../lambda/kql/subscription-filter.ts';
import { inChains } from './chains.ts';
import { ConfigError } from './config/config-error.ts';
import { filterNameOf } from './deployed-name.ts';

/** An existing log group: csrwatch never creates one. */
export interface WatchedLogGroup {
  readonly logGroup: ILogGroup;
  /** The cluster's name. @default - it is read from a name such as /aws/eks/NAME/cluster or from the event */
  readonly cluster?: string | undefined;
  /**
   * `literals`: CloudWatch Logs delivers the log events that contain a literal of the rules. `none`: it delivers all of
   * them, which is needed if a forwarder escapes letters (`\\u0063` for `c`). @default 'literals'
   */
  readonly filter?: 'literals' | 'none' | undefined;
  /**
   * Whether the events by client certificates are delivered too, so that uses of issued certificates are found. On a
   * cluster that is not EKS, these are most events. @default false
   */
  readonly followCertificates?: boolean | undefined;
}

/** Which log events CloudWatch Logs delivers, as `deployedRules` derives it. */
export interface LogFilters {
  readonly filter: DerivedFilter;
  /** Of log groups with `followCertificates`. */
  readonly followingFilter: DerivedFilter;
}

/** What else a stack of 500 resources contains leaves room for these and for as many no-data alarms. */
const maxFilters = 290;

/**
 * Subscribes a destination to log groups.
 * @throws {ConfigError} if there are more than a stack can hold, one is a log group of the stack itself, or one of EKS
 * has `followCertificates`
 */
export function subscribeTo(
  scope: Construct,
  watched: readonly WatchedLogGroup[],
  destination: ILogSubscriptionDestination,
  { filter: ofRules, followingFilter }: LogFilters,
): readonly SubscriptionFilter[] {
  checkNumber(watched);
  const filterOf = ({ followCertificates }: WatchedLogGroup) =>
    followCertificates ? followingFilter : ofRules;
  for (const reason of new Set(watched.flatMap((group) => whyEverything(group, filterOf(group))))) {
    Annotations.of(scope).addWarningV2(
      'csrwatch:filter',
      `CloudWatch Logs delivers every log event of the log groups, because ${reason}. That is sound but costs more`,
    );
  }
  const filterName = filterNameOf(scope);
  const filters = watched.map((group) => {
    const { logGroup, filter } = group;
    const { logGroupName } = logGroup;
    checkForeign(scope, logGroupName);
    checkFollows(group);
    const id = Token.isUnresolved(logGroupName) ? logGroup.node.addr : logGroupName;
    return new SubscriptionFilter(scope, `Filter${id}`, {
      logGroup,
      destination,
      filterName,
      filterPattern: FilterPattern.literal(filter === 'none' ? '' : filterOf(group).pattern),
    });
  });
  return inChains(filters);
}

/** The reason, unless the group is configured to deliver every log event. */
function whyEverything({ filter }: WatchedLogGroup, used: DerivedFilter): string[] {
  return filter !== 'none' && used.kind === 'everything' ? [used.reason] : [];
}

/** The key would cost something and find nothing. */
function checkFollows({ logGroup: { logGroupName }, followCertificates }: WatchedLogGroup): void {
  if (!followCertificates || eksClusterOf(logGroupName) === undefined) return;
  throw new ConfigError(
    `logGroups: ${logGroupName}: followCertificates is not for EKS, which issues no login certificates for certificate ` +
      'signing requests; remove it',
  );
}

function checkNumber(watched: readonly WatchedLogGroup[]): void {
  if (watched.length <= maxFilters) return;
  throw new ConfigError(
    `logGroups: ${watched.length} log groups; a stack can subscribe to ${maxFilters}. Split them over several stacks, ` +
      'or send them through a Kinesis stream (stream)',
  );
}

/** The detector's own log must not be delivered to the detector, which would log about it. */
function checkForeign(scope: Construct, logGroupName: string): void {
  const { stackName } = Stack.of(scope);
  if (Token.isUnresolved(logGroupName)) return;
  if (![`${stackName}-`, `/aws/lambda/${stackName}-`].some((own) => logGroupName.startsWith(own))) return;
  throw new ConfigError(
    `logGroups: ${logGroupName} is a log group of ${stackName} itself, which would read its own log`,
  );
}
