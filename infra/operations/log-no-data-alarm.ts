import { createHash } from 'node:crypto';
import { Annotations, Duration, Token } from 'aws-cdk-lib';
import { type IMetric, MathExpression, Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { FilterPattern, type ILogGroup, MetricFilter } from 'aws-cdk-lib/aws-logs';
import { inChains } from '../chains.ts';
import { type AlarmFactory, alarmPeriod } from './alarm-factory.ts';
import { evaluationPeriods } from './alarm-periods.ts';
import { hasOwnMetrics, incoming, maxMetricCharacters } from './cloudwatch-metrics.ts';

/** One custom metric per log group, with the group's name. */
export const noDataNamespace = 'csrwatch/AuditEvents';

/**
 * Each takes a metric filter and an alarm in addition to the subscription filter: three of the 500 resources of a stack, and
 * about $0.40 a month.
 */
export const maxNoDataAlarms = 80;

/** An alarm's expression has at most 10 metrics. */
const groupsOfSharedAlarm = 10;

/** CloudWatch evaluates an alarm over one day at most if a period is shorter than an hour. */
const longestNoData = Duration.days(1);

/**
 * Adds an alarm for each log group that goes off if no audit event has arrived within the configured time. Every request ends
 * with an event of stage ResponseComplete (or Panic), which log events of other components do not contain. If a stack has no
 * room for an alarm per group, ten groups share one, which goes off if one of them has received no log event at all.
 * @throws Error for a time over which CloudWatch does not evaluate an alarm
 */
export function addLogNoDataAlarms(
  alarms: AlarmFactory,
  groups: readonly ILogGroup[],
  noDataTime: Duration,
): void {
  const periods = evaluationPeriods(noDataTime, alarmPeriod, longestNoData);
  const alarm = (id: string, metric: IMetric, meaning: string, threshold = 1) =>
    alarms.add(id, {
      metric,
      anchor: 'log-group-no-data',
      meaning: `${meaning} for ${noDataTime.toMinutes()} minutes: csrwatch does not see what happens there`,
      threshold,
      alarmIfBelow: true,
      periods,
      notifyOk: true,
    });
  const sharing = groups.length > maxNoDataAlarms ? groups.filter(hasOwnMetrics) : [];
  if (sharing.length > 0) {
    Annotations.of(alarms).addWarningV2(
      'csrwatch:no-data',
      `${groups.length} log groups share no-data alarms, ten groups each, which count log events of any kind: a stack has ` +
        `room for ${maxNoDataAlarms} alarms on audit events. Split the groups over several stacks to have those`,
    );
  }
  for (let at = 0; at < sharing.length; at += groupsOfSharedAlarm) {
    const shared = sharing.slice(at, at + groupsOfSharedAlarm);
    const meaning = `no log event has arrived from one of ${named(shared)}`;
    alarm(`NoDataGroups${at + 1}`, activeGroups(shared), meaning, shared.length);
  }
  const filters = groups
    .filter((group) => !sharing.includes(group))
    .map((logGroup) => {
      const { logGroupName } = logGroup;
      const id = Token.isUnresolved(logGroupName) ? logGroup.node.addr : logGroupName.replace(/[^\w]+/g, '-');
      const metricName = metricNameOf(logGroupName);
      alarm(`NoData${id}`, auditEvents(metricName), `no audit event has arrived from ${logGroupName}`);
      return new MetricFilter(alarms, `Audit${id}`, {
        logGroup,
        filterPattern: completed,
        metricNamespace: noDataNamespace,
        metricName,
        metricValue: '1',
      });
    });
  inChains(filters);
}

/** The number of groups with log events. A group without data is not counted, even if FILL has no metric to fill. */
function activeGroups(groups: readonly ILogGroup[]): IMetric {
  const active = groups.map((_, index) => `IF(FILL(group${index}, 0) > 0, 1, 0)`);
  return new MathExpression({
    expression: `SUM([${active.join(', ')}])`,
    usingMetrics: Object.fromEntries(groups.map((logGroup, index) => [`group${index}`, incoming(logGroup)])),
    label: 'groups with log events',
    period: alarmPeriod,
  });
}

/** A description has at most 1,024 characters, and a name up to 512. */
function named(groups: readonly ILogGroup[]): string {
  const names = groups.map(({ logGroupName }) => logGroupName);
  const all = names.join(', ');
  return all.length <= 700 ? all : `${groups.length} groups, listed in the alarm's metrics`;
}

/** The name of the log group, shortened to the 255 characters of a metric name. */
function metricNameOf(logGroupName: string): string {
  if (Token.isUnresolved(logGroupName) || logGroupName.length <= maxMetricCharacters) return logGroupName;
  const digest = createHash('sha256').update(logGroupName).digest('hex').slice(0, 16);
  return `${logGroupName.slice(0, maxMetricCharacters - digest.length - 1)}-${digest}`;
}

/** The number of audit events that the metric filter of a group counts. */
function auditEvents(metricName: string): IMetric {
  return new Metric({
    namespace: noDataNamespace,
    metricName,
    statistic: Stats.SUM,
    period: alarmPeriod,
  });
}

/** A term also matches an event that was truncated or is in a forwarder's envelope. A canary has another stage. */
const completed = FilterPattern.literal('"ResponseComplete"');
