import { Token } from 'aws-cdk-lib';
import { type IMetric, MathExpression, Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { metricsNamespace } from '../../lambda/embedded-metrics.ts';
import { alarmPeriod as period } from './alarm-factory.ts';

/** A metric that the functions count, over both functions. Ids are unique in a graph, so they contain the metric's name. */
export function counted(name: string): IMetric {
  return new MathExpression({
    expression: `SUM([logs${name}, objects${name}])`,
    usingMetrics: {
      [`logs${name}`]: ofSource(name, 'logs', Stats.SUM),
      [`objects${name}`]: ofSource(name, 'objects', Stats.SUM),
    },
    label: name,
    period,
  });
}

/** A metric that each function measures from time to time: a sum of the values would mean nothing. */
export function measured(name: string): IMetric[] {
  return ['logs', 'objects'].map((source) =>
    ofSource(name, source, Stats.MAXIMUM).with({ label: `${name}, ${source}` }),
  );
}

function ofSource(metricName: string, source: string, statistic: string): Metric {
  return new Metric({
    namespace: metricsNamespace,
    metricName,
    dimensionsMap: { Source: source },
    statistic,
    period,
  });
}

/**
 * A metric of our own subscription filters, by log group: the alarm names the group as its contributor. An alarm accepts a
 * query of several series only with ORDER BY, and takes 500 of them. A plain metric would need the exact value of the
 * dimension DestinationType, which AWS doesn't document.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/multi-time-series-alarm.html
 */
export function deliveredByGroup(name: string, filterName: string): IMetric {
  return new MathExpression({
    expression: `SELECT SUM(${name}) FROM SCHEMA("AWS/Logs", DestinationType, FilterName, LogGroupName) WHERE FilterName = '${filterName}' GROUP BY LogGroupName ORDER BY SUM() DESC`,
    usingMetrics: {},
    label: name,
    period,
  });
}

/** CloudWatch's limit for the name of a metric and for the value of a dimension. */
export const maxMetricCharacters = 255;

/** Whether the name of the log group, of up to 512 characters, fits the dimension of CloudWatch's own metrics of it. */
export function hasOwnMetrics({ logGroupName }: ILogGroup): boolean {
  return Token.isUnresolved(logGroupName) || logGroupName.length <= maxMetricCharacters;
}

/** Log events of every stream of a group, audit events or not. */
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
