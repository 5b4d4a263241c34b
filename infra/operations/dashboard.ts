import { Duration } from 'aws-cdk-lib';
import {
  type Alarm,
  AlarmStatusWidget,
  Dashboard,
  GraphWidget,
  type IMetric,
  type IWidget,
  MathExpression,
  PeriodOverride,
  SingleValueWidget,
  Stats,
  TextWidget,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { type AlarmFactory, alarmPeriod as period } from './alarm-factory.ts';
import { counted, deliveredByGroup, hasOwnMetrics, incoming, measured } from './cloudwatch-metrics.ts';
import { noDataNamespace } from './log-no-data-alarm.ts';

export interface Pipeline {
  readonly alarms: AlarmFactory;
  readonly functions: readonly IFunction[];
  readonly logGroups: readonly ILogGroup[];
  /** The name of their subscription filters. */
  readonly subscriptionFilter: string | undefined;
  readonly objects: IQueue | undefined;
  /** Of alerts and findings. */
  readonly topics: readonly ITopic[];
  readonly followsCertificates: boolean;
  /** Dead-letter queues of every kind. */
  readonly failures: readonly IQueue[];
}

/** The grid is 24 columns wide. */
const full = 24;
/** A graph with more lines is hard to read. */
const mostLines = 20;
/** CloudWatch's limit. */
const alarmsOfWidget = 100;

/** From event to alert, top to bottom. */
export function pipelineDashboard(scope: Construct, id: string, pipeline: Pipeline): Dashboard {
  const { alarms } = pipeline;
  return new Dashboard(scope, id, {
    defaultInterval: Duration.hours(12),
    periodOverride: PeriodOverride.AUTO,
    widgets: [
      [
        new TextWidget({
          markdown: `# csrwatch\nFrom event to alert, top to bottom. The description of an alarm refers to the runbook.`,
          width: full,
          height: 2,
        }),
      ],
      ...alarmWidgets(alarms.created),
      [totals()],
      ...row('1 Inputs', comingIn(pipeline)),
      ...row('2 Functions', running(pipeline)),
      ...row('3 Records and findings', [
        graph('Bytes, decompressed', [counted('Bytes'), counted('SkippedBytes')]),
        graph('Records', [counted('Records'), counted('Events'), counted('NotAudit')]),
        graph('Rejected and suspicious records, and inputs returned for retry', [
          counted('Rejected'),
          counted('Suspicious'),
          counted('Faults'),
        ]),
      ]),
      ...row('4 Alerts', [
        graph('Findings and messages', [counted('Findings'), counted('Published')]),
        graph('Failures of publishing and deduplication', [
          counted('PublishFailures'),
          counted('DedupFailures'),
        ]),
        graph(
          'Deliveries by SNS, and failures',
          pipeline.topics.flatMap((topic) => [
            topic.metricNumberOfNotificationsDelivered({ period }),
            topic.metricNumberOfNotificationsFailed({ period }),
          ]),
        ),
        ...(pipeline.followsCertificates ? [followed()] : []),
      ]),
      ...row('5 Dead-letter queues', [
        graph(
          'Messages to investigate',
          pipeline.failures.map((queue) =>
            queue.metricApproximateNumberOfMessagesVisible({ period, statistic: Stats.MAXIMUM }),
          ),
        ),
      ]),
    ],
  });
}

/** In the order of creation: alarms on single log groups and buckets come last. */
function alarmWidgets(alarms: readonly Alarm[]): IWidget[][] {
  const widgets: IWidget[][] = [];
  for (let at = 0; at < alarms.length; at += alarmsOfWidget) {
    const title = at === 0 ? 'Alarms' : `Alarms from ${at + 1}`;
    widgets.push([
      new AlarmStatusWidget({ title, alarms: alarms.slice(at, at + alarmsOfWidget), width: full, height: 4 }),
    ]);
  }
  return widgets;
}

function totals(): IWidget {
  return new SingleValueWidget({
    title: 'In the time shown',
    metrics: ['Events', 'Findings', 'Published', 'Rejected', 'PublishFailures'].map(counted),
    setPeriodToTimeRange: true,
    width: full,
    height: 3,
  });
}

function comingIn({ logGroups, subscriptionFilter, objects }: Pipeline): Graph[] {
  const search = (expression: string, label: string) =>
    new MathExpression({ expression, usingMetrics: {}, label, period });
  return [
    ...(logGroups.length > 0
      ? [
          graph(
            'Log events, all streams of a group',
            logGroups.length <= mostLines
              ? logGroups.filter(hasOwnMetrics).map(incoming)
              : [search('SELECT SUM(IncomingLogEvents) FROM SCHEMA("AWS/Logs", LogGroupName)', 'all groups')],
          ),
          graph('Audit events, by group', [
            search(`SEARCH('Namespace="${noDataNamespace}"', 'Sum', ${period.toSeconds()})`, ''),
          ]),
          ...(subscriptionFilter === undefined
            ? []
            : [
                graph('Delivered through the filter, by group', [
                  deliveredByGroup('ForwardedLogEvents', subscriptionFilter),
                ]),
              ]),
        ]
      : []),
    ...(objects
      ? [
          graph('Object notifications', [
            objects.metricNumberOfMessagesSent({ period }),
            objects.metricApproximateNumberOfMessagesVisible({ period, statistic: Stats.MAXIMUM }),
          ]),
          graph('Age of the oldest notification', [
            objects.metricApproximateAgeOfOldestMessage({ period, statistic: Stats.MAXIMUM }),
          ]),
        ]
      : []),
  ];
}

function running({ functions }: Pipeline): Graph[] {
  const each = (metric: (detector: IFunction) => IMetric) => functions.map(metric);
  return [
    graph(
      'Invocations',
      each((detector) => detector.metricInvocations({ period })),
    ),
    graph('Errors and throttles', [
      ...each((detector) => detector.metricErrors({ period })),
      ...each((detector) => detector.metricThrottles({ period })),
    ]),
    graph(
      'Duration, 99th percentile',
      each((detector) => detector.metricDuration({ period, statistic: 'p99' })),
    ),
  ];
}

function followed(): Graph {
  return graph('Followed certificates, and failures of the watch list', [
    ...measured('CertificatesFollowed'),
    counted('WatchListFailed'),
    counted('WatchListFull'),
  ]);
}

interface Graph {
  readonly title: string;
  readonly left: IMetric[];
}

function graph(title: string, left: IMetric[]): Graph {
  return { title, left };
}

/** A heading and its graphs, three to a line, which share its width. */
function row(title: string, graphs: readonly Graph[]): IWidget[][] {
  const lines: IWidget[][] = [[new TextWidget({ markdown: `## ${title}`, width: full, height: 1 })]];
  for (let at = 0; at < graphs.length; at += 3) {
    const line = graphs.slice(at, at + 3);
    const shape = { width: full / line.length, height: 6, leftYAxis: { min: 0, showUnits: false } };
    lines.push(line.map((drawn) => new GraphWidget({ ...drawn, ...shape })));
  }
  return lines;
}
