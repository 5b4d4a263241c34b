import { createHash } from 'node:crypto';
import { Annotations, Duration, Token } from 'aws-cdk-lib';
import { type IMetric, MathExpression, Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { FilterPattern, type ILogGroup, MetricFilter } from 'aws-cdk-lib/aws-logs';
import { inChains } from '../chains.ts';
import { type AlarmFactory, alarmPeriod } from './alarm-factory.ts';
import { evaluationPeriods } from './alarm-periods.ts';
import { incoming } from './metrics.ts';

/** One custom metric a log group, named as the group is. */
export const noDataNamespace = 'csrwatch/AuditEvents';

/**
 * Each costs a metric filter and an alarm beside the subscription filter: three of the 500 resources that a stack
 * holds, and some $0.40 a month.
 */
export const maxNoDataAlarms = 80;

const maxMetricName = 255;

/** An expression of an alarm takes no more metrics. */
const groupsOfSharedAlarm = 10;

/** CloudWatch looks back no further where a period is shorter than an hour. */
const longestNoData = Duration.days(1);

/**
 * An alarm on each group that no audit event has reached for so long. Each audit event ends with the stage
 * ResponseComplete (or Panic); what other components write into the group doesn't count. Of more groups than a stack has
 * room for, ten share an alarm, which goes off where one of them has got no log event at all.
 * @throws Error for a time that CloudWatch can't look back
 */
export function addLogNoDataAlarms(
  alarms: AlarmFactory,
  groups: readonly ILogGroup[],
  silence: Duration,
): void {
  const periods = evaluationPeriods(silence, alarmPeriod, longestNoData);
  const alarm = (id: string, metric: IMetric, meaning: string, threshold = 1) =>
    alarms.add(id, {
      metric,
      anchor: 'log-group-no-data',
      meaning: `${meaning} for ${silence.toMinutes()} minutes: csrwatch sees nothing of what happens there`,
      threshold,
      silence: true,
      periods,
      lasts: true,
    });
  if (groups.length > maxNoDataAlarms) {
    Annotations.of(alarms).addWarningV2(
      'csrwatch:no-data',
      `${groups.length} log groups share their alarms on silence, ten to each, which count log events of any kind: one ` +
        `stack has room for ${maxNoDataAlarms} on audit events alone. Split the groups over stacks to have those`,
    );
    for (let at = 0; at < groups.length; at += groupsOfSharedAlarm) {
      const shared = groups.slice(at, at + groupsOfSharedAlarm);
      const meaning = `no log event has come from one of ${named(shared)}`;
      alarm(`NoDataGroups${at + 1}`, loudGroups(shared), meaning, shared.length);
    }
    return;
  }
  const filters = groups.map((logGroup) => {
    const { logGroupName } = logGroup;
    const id = Token.isUnresolved(logGroupName) ? logGroup.node.addr : logGroupName.replace(/[^\w]+/g, '-');
    const metricName = metricNameOf(logGroupName);
    alarm(`NoData${id}`, auditEvents(metricName), `no audit event has come from ${logGroupName}`);
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

/** How many of the groups have got anything. One without data doesn't count, whether or not FILL finds a metric to fill. */
function loudGroups(groups: readonly ILogGroup[]): IMetric {
  const loud = groups.map((_, index) => `IF(FILL(group${index}, 0) > 0, 1, 0)`);
  return new MathExpression({
    expression: `SUM([${loud.join(', ')}])`,
    usingMetrics: Object.fromEntries(groups.map((logGroup, index) => [`group${index}`, incoming(logGroup)])),
    label: 'groups that log',
    period: alarmPeriod,
  });
}

/** A description holds 1,024 characters, and a name up to 512. */
function named(groups: readonly ILogGroup[]): string {
  const names = groups.map(({ logGroupName }) => logGroupName);
  const all = names.join(', ');
  return all.length <= 700 ? all : `${groups.length} groups, which the alarm's metrics name`;
}

/** The name of the log group. It may be 512 characters long, of which a metric's name holds 255. */
function metricNameOf(logGroupName: string): string {
  if (Token.isUnresolved(logGroupName) || logGroupName.length <= maxMetricName) return logGroupName;
  const digest = createHash('sha256').update(logGroupName).digest('hex').slice(0, 16);
  return `${logGroupName.slice(0, maxMetricName - digest.length - 1)}-${digest}`;
}

/** The audit events of a group, as its metric filter counts them. */
function auditEvents(metricName: string): IMetric {
  return new Metric({
    namespace: noDataNamespace,
    metricName,
    statistic: Stats.SUM,
    period: alarmPeriod,
  });
}

/** A term searches any text: an event may be cut off, or in a forwarder's envelope. A canary has another stage. */
const completed = FilterPattern.literal('"ResponseComplete"');
