import { type IMetric, MathExpression, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { metricsNamespace } from '../../lambda/metrics.ts';
import { alarmPeriod as period } from './alarm-factory.ts';

/** What the functions count themselves, over both roads. An id may stand once in a graph, so it holds the name. */
export function counted(name: string): IMetric {
  const of = (source: string) =>
    new Metric({
      namespace: metricsNamespace,
      metricName: name,
      dimensionsMap: { Source: source },
      statistic: 'Sum',
      period,
    });
  return new MathExpression({
    expression: `SUM([logs${name}, objects${name}])`,
    usingMetrics: { [`logs${name}`]: of('logs'), [`objects${name}`]: of('objects') },
    label: name,
    period,
  });
}

/**
 * Of all subscriptions of the account to functions, by log group: one alarm for two hundred groups, whose message and
 * `describe-alarm-contributors` name the group. An alarm takes a query that returns up to 500 series.
 */
export function deliveredByGroup(name: string): IMetric {
  return new MathExpression({
    expression: `SELECT SUM(${name}) FROM SCHEMA("AWS/Logs", DestinationType, FilterName, LogGroupName) WHERE DestinationType = 'Lambda' GROUP BY LogGroupName`,
    usingMetrics: {},
    label: name,
    period,
  });
}

/** Log events of every stream of a group, audit or not. */
export function incoming(logGroup: ILogGroup): IMetric {
  return new Metric({
    namespace: 'AWS/Logs',
    metricName: 'IncomingLogEvents',
    dimensionsMap: { LogGroupName: logGroup.logGroupName },
    statistic: 'Sum',
    label: logGroup.logGroupName,
    period,
  });
}
