import { Annotations, Names, Stack, Token } from 'aws-cdk-lib';
import {
  FilterPattern,
  type ILogGroup,
  type ILogSubscriptionDestination,
  SubscriptionFilter,
} from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { SubscriptionFilter as DerivedFilter } from '../lambda/kql/subscription-filter.ts';
import { inChains } from './chains.ts';
import { ConfigError } from './config/config-error.ts';

/** An existing log group: csrwatch never creates one. */
export interface WatchedLogGroup {
  readonly logGroup: ILogGroup;
  /** @default - the name in /aws/eks/NAME/cluster, or the one that the event specifies */
  readonly cluster?: string | undefined;
  /**
   * `literals`: CloudWatch Logs delivers the log events that contain a literal of the rules. `none`: it delivers all of
   * them, which is needed if a forwarder escapes letters (`\\u0063` for `c`). @default 'literals'
   */
  readonly filter?: 'literals' | 'none' | undefined;
}

/** What else a stack of 500 resources contains leaves room for these and for as many no-data alarms. */
const maxFilters = 300;

/**
 * Subscribes a destination to log groups.
 * @param derived - the filter of the rules
 * @throws {ConfigError} if there are more than a stack can hold, or one is a log group of the stack itself
 */
export function subscribeTo(
  scope: Construct,
  watched: readonly WatchedLogGroup[],
  destination: ILogSubscriptionDestination,
  derived: DerivedFilter,
): readonly SubscriptionFilter[] {
  checkNumber(watched);
  if (derived.kind === 'everything' && watched.some(({ filter }) => filter !== 'none')) {
    Annotations.of(scope).addWarningV2(
      'csrwatch:filter',
      `CloudWatch Logs delivers every log event of the log groups, because ${derived.reason}. That is sound but costs more`,
    );
  }
  const filterName = filterNameOf(scope);
  const filters = watched.map(({ logGroup, filter }) => {
    const { logGroupName } = logGroup;
    checkForeign(scope, logGroupName);
    const id = Token.isUnresolved(logGroupName) ? logGroup.node.addr : logGroupName;
    return new SubscriptionFilter(scope, `Filter${id}`, {
      logGroup,
      destination,
      filterName,
      filterPattern: FilterPattern.literal(filter === 'none' ? '' : derived.pattern),
    });
  });
  return inChains(filters);
}

/**
 * The name that the filters of all log groups share, so that one query finds the delivery metrics of these filters and of
 * no others.
 */
export function filterNameOf(scope: Construct): string {
  return Names.uniqueResourceName(scope, { maxLength: 100, separator: '-' });
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
