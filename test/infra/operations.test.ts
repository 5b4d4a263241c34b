import { readFileSync } from 'node:fs';
import { Duration } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { describe, expect, test } from 'vitest';
import { maxNoDataAlarms } from '../../infra/operations/log-no-data-alarm.ts';
import { account, operationsStack } from './operations-stack.ts';

const { template } = operationsStack();
const alarms = alarmsOf(template);
const runbook = readFileSync(new URL('../../docs/runbook.md', import.meta.url), 'utf8');
const topic = { Ref: Match.stringLikeRegexp('^Topic') };

describe('the runbook', () => {
  const anchorOf = (text: string) => /docs\/runbook\.md#([\w-]+)$/.exec(text)?.[1] ?? `none in: ${text}`;
  const anchors = new Set([
    ...alarms.map(({ AlarmDescription }) => anchorOf(AlarmDescription)),
    ...Object.values(template.findResources('AWS::Events::Rule')).map(({ Properties }) =>
      anchorOf(Properties.Description),
    ),
  ]);

  test('has a paragraph for each alarm and rule, and none without', () => {
    const paragraphs = [...runbook.matchAll(/^## ([a-z]+(?:-[a-z]+)*)$/gm)].map(([, title]) => title);
    expect(paragraphs.sort()).toEqual([...anchors].sort());
  });

  test('lists every failure mode with what reports it', () => {
    const [, table = ''] =
      /^\| fault \| reported by \|\n\| --- \| --- \|\n((?:\|.*\n)+)/m.exec(runbook) ?? [];
    const rows = table.trim().split('\n');
    expect(rows.length).toBeGreaterThanOrEqual(anchors.size);
    for (const row of rows) expect(row).toMatch(/\[[a-z-]+\]\(#[a-z-]+\)/);
    const named = rows.flatMap((row) => [...row.matchAll(/\(#([a-z-]+)\)/g)].map(([, anchor]) => anchor));
    expect([...new Set(named)].sort()).toEqual([...anchors].sort());
  });

  test.each(
    runbook
      .split(/^## (?=[a-z])/m)
      .slice(1)
      .map((text) => text.split('\n', 1).concat(text)),
  )('says in %s what it means and gives a command to run', (_, text) => {
    expect(text).toMatch(/\n {4}(?:aws|npm|npx) /);
  });
});

describe('an alarm', () => {
  test('tells the topic, each of them', () => {
    for (const { AlarmActions } of alarms)
      expect(AlarmActions).toEqual([{ Ref: expect.stringMatching(/^Topic/) }]);
  });

  test('tells its end where it is a state, and not where something has happened that stays so', () => {
    const ended = (anchor: string) =>
      alarms
        .filter(({ AlarmDescription }) => AlarmDescription.endsWith(`#${anchor}`))
        .map(({ OKActions }) => OKActions?.length ?? 0);
    for (const anchor of ['failed-inputs', 'log-group-no-data', 'objects-wait'])
      expect(new Set(ended(anchor))).toEqual(new Set([1]));
    for (const anchor of [
      'function-errors',
      'rejected-records',
      'suspicious-records',
      'publish-failures',
      'dedup-failures',
      'watch-list-failed',
      'watch-list-full',
      'watch-list-removals',
    ])
      expect(new Set(ended(anchor))).toEqual(new Set([0]));
  });

  test.each([
    ['function-errors', { MetricName: 'Errors', Namespace: 'AWS/Lambda' }, 3],
    ['function-throttles', { MetricName: 'Throttles', Namespace: 'AWS/Lambda' }, 3],
    ['logs-wait', { MetricName: 'AsyncEventAge', Threshold: 900_000 }, 1],
    ['failure-destination', { MetricName: 'DestinationDeliveryFailures' }, 1],
    ['stream-waits', { MetricName: 'IteratorAge', Threshold: 900_000 }, 1],
    ['objects-wait', { MetricName: 'ApproximateAgeOfOldestMessage', Threshold: 3_600 }, 1],
    ['failed-inputs', { MetricName: 'ApproximateNumberOfMessagesVisible', Threshold: 1 }, 2],
    ['undelivered-alerts', { MetricName: 'ApproximateNumberOfMessagesVisible', Threshold: 1 }, 1],
    ['undelivered-tamper-alerts', { MetricName: 'ApproximateNumberOfMessagesVisible', Threshold: 1 }, 1],
  ])('named %s is on %j, once for each of them', (anchor, properties, count) => {
    const found = alarms.filter(({ AlarmDescription }) => AlarmDescription.endsWith(`#${anchor}`));
    expect(found).toHaveLength(count);
    for (const alarm of found)
      expect(alarm).toMatchObject({
        ...properties,
        ComparisonOperator: 'GreaterThanOrEqualToThreshold',
        TreatMissingData: 'notBreaching',
      });
  });

  test.each([
    ['rejected-records', 'Rejected'],
    ['suspicious-records', 'Suspicious'],
    ['publish-failures', 'PublishFailures'],
    ['dedup-failures', 'DedupFailures'],
    ['watch-list-failed', 'WatchListFailed'],
    ['watch-list-full', 'WatchListFull'],
    ['watch-list-removals', 'WatchListRemovals'],
  ])('named %s adds the counts of both functions', (anchor, name) => {
    const [alarm] = alarms.filter(({ AlarmDescription }) => AlarmDescription.endsWith(`#${anchor}`));
    const metrics = alarm?.['Metrics'].flatMap(({ MetricStat }: { MetricStat?: { Metric: object } }) =>
      MetricStat ? [MetricStat.Metric] : [],
    );
    expect(metrics).toEqual(
      ['logs', 'objects'].map((source) => ({
        Namespace: 'csrwatch',
        MetricName: name,
        Dimensions: [{ Name: 'Source', Value: source }],
      })),
    );
  });

  test.each(['DeliveryErrors', 'DeliveryThrottling'])(
    'on %s is one query for the subscription filters of the stack, and names the log group',
    (name) => {
      template.hasResourceProperties('AWS::CloudWatch::Alarm', {
        Metrics: [
          Match.objectLike({
            Expression: `SELECT SUM(${name}) FROM SCHEMA("AWS/Logs", DestinationType, FilterName, LogGroupName) WHERE FilterName = 'csrwatch-filter' GROUP BY LogGroupName ORDER BY SUM() DESC`,
          }),
        ],
        TreatMissingData: 'notBreaching',
      });
    },
  );
});

describe('silence', () => {
  test('of a log group is half an hour without an audit event, or without any data', () => {
    template.hasResourceProperties('AWS::Logs::MetricFilter', {
      LogGroupName: '/aws/eks/prod/cluster',
      FilterPattern: '"ResponseComplete"',
      MetricTransformations: [
        { MetricNamespace: 'csrwatch/AuditEvents', MetricName: '/aws/eks/prod/cluster', MetricValue: '1' },
      ],
    });
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      Namespace: 'csrwatch/AuditEvents',
      MetricName: '/aws/eks/prod/cluster',
      Statistic: 'Sum',
      ComparisonOperator: 'LessThanThreshold',
      Threshold: 1,
      Period: 300,
      EvaluationPeriods: 6,
      TreatMissingData: 'breaching',
      AlarmActions: [topic],
      OKActions: [topic],
    });
  });

  test("of a forwarder's log group is measured the same way", () => {
    template.hasResourceProperties('AWS::Logs::MetricFilter', {
      LogGroupName: 'kubernetes',
      FilterPattern: '"ResponseComplete"',
    });
  });

  test('of the buckets is a day without a notification', () => {
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      MetricName: 'NumberOfMessagesSent',
      Dimensions: [{ Name: 'QueueName', Value: 'objects' }],
      ComparisonOperator: 'LessThanThreshold',
      Period: 3_600,
      EvaluationPeriods: 24,
      TreatMissingData: 'breaching',
    });
  });

  test.each([
    ['another one is loud', ['audit-logs', 'more-logs'], false],
    ['canaries on a schedule come into it', ['audit-logs'], true],
  ])('of one bucket is heard while %s', (_, names, canaries) => {
    const { template: two } = operationsStack((stack) => ({
      ...(canaries ? {} : { canary: undefined }),
      buckets: names.map((name) => Bucket.fromBucketName(stack, name, name)),
    }));
    for (const name of names)
      two.hasResourceProperties('AWS::CloudWatch::Alarm', {
        Namespace: 'csrwatch',
        MetricName: 'Objects',
        Dimensions: [{ Name: 'Bucket', Value: name }],
        AlarmDescription: Match.stringLikeRegexp(
          `^csrwatch: no audit log of the bucket ${name} has been read for 24 hours`,
        ),
        ComparisonOperator: 'LessThanThreshold',
        TreatMissingData: 'breaching',
      });
  });

  test('of the only bucket raises one alarm if no canary is scheduled', () => {
    const { template: alone } = operationsStack(() => ({ canary: undefined }));
    const names = alarmsOf(alone).map(({ MetricName }) => MetricName);
    expect(names.filter((name) => name === 'Objects')).toHaveLength(1);
    expect(names).not.toContain('NumberOfMessagesSent');
  });

  test('is no alarm where no time is named', () => {
    const { template: deaf } = operationsStack(() => ({
      logNoData: undefined,
      objectNoData: undefined,
    }));
    const found = alarmsOf(deaf).filter(({ TreatMissingData }) => TreatMissingData === 'breaching');
    expect(found).toEqual([]);
  });

  test.each([
    [7, /^no data for 7 minutes: give a multiple of 5 minutes, at most 1 day$/],
    [1_445, /^no data for 1 day 5 minutes: /],
  ])('of %i minutes is an error', (minutes, message) => {
    expect(() => operationsStack(() => ({ logNoData: Duration.minutes(minutes) }))).toThrow(message);
  });

  test('is an alarm shared by ten groups if a stack has no room for one each, with a warning', () => {
    const groups = (count: number) =>
      operationsStack((stack) => ({
        logGroups: Array.from({ length: count }, (_, index) =>
          LogGroup.fromLogGroupName(stack, `G${index}`, `/aws/eks/c${index}/cluster`),
        ),
      }));
    groups(maxNoDataAlarms).template.resourceCountIs('AWS::Logs::MetricFilter', maxNoDataAlarms);
    const { template: many, annotations } = groups(maxNoDataAlarms + 2);
    many.resourceCountIs('AWS::Logs::MetricFilter', 0);
    annotations.hasWarning(
      '/csrwatch/Operations/Alarms',
      Match.stringLikeRegexp(`^${maxNoDataAlarms + 2} log groups share no-data alarms`),
    );
    const shared = alarmsOf(many).filter(({ AlarmDescription }) =>
      AlarmDescription.endsWith('#log-group-no-data'),
    );
    expect(shared.map(({ Threshold }) => Threshold)).toEqual([...Array(maxNoDataAlarms / 10).fill(10), 2]);
    const last = shared.at(-1);
    expect(last).toMatchObject({
      AlarmDescription: expect.stringMatching(
        /^csrwatch: no log event has arrived from one of \/aws\/eks\/c80\/cluster, \/aws\/eks\/c81\/cluster for 30 minutes/,
      ),
      ComparisonOperator: 'LessThanThreshold',
      TreatMissingData: 'breaching',
    });
    expect(JSON.stringify(last?.['Metrics'])).toContain(
      'SUM([IF(FILL(group0, 0) > 0, 1, 0), IF(FILL(group1, 0) > 0, 1, 0)])',
    );
    for (const { AlarmDescription } of shared) expect(AlarmDescription.length).toBeLessThanOrEqual(1_024);
  });
});

describe('the topic', () => {
  const statement = (service: string, more: object) =>
    Match.objectLike({
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Principal: { Service: service },
            Action: 'sns:Publish',
            Effect: 'Allow',
            ...more,
          }),
        ]),
      },
    });

  test('lets the alarms of this account publish, and the rules without the condition that they never meet', () => {
    template.hasResourceProperties(
      'AWS::SNS::TopicPolicy',
      statement('cloudwatch.amazonaws.com', {
        Condition: { StringEquals: { 'aws:SourceAccount': account } },
      }),
    );
    template.hasResourceProperties(
      'AWS::SNS::TopicPolicy',
      statement('events.amazonaws.com', { Condition: Match.absent() }),
    );
  });
});

test('the dashboard shows the path from event to alert', () => {
  const [dashboard] = Object.values(template.findResources('AWS::CloudWatch::Dashboard'));
  const parts = dashboard?.['Properties'].DashboardBody['Fn::Join'][1];
  const body = JSON.parse(
    parts.map((part: unknown) => (typeof part === 'string' ? part : 'reference')).join(''),
  );
  const texts = body.widgets.map(
    ({ properties }: { properties: Record<string, string> }) =>
      properties['markdown']?.split('\n', 1)[0] ?? properties['title'],
  );
  expect(texts).toEqual([
    '# csrwatch',
    'Alarms',
    'In the time shown',
    '## 1 Inputs',
    'Log events, all streams of a group',
    'Audit events, by group',
    'Delivered through the filter, by group',
    'Object notifications',
    'Age of the oldest notification',
    '## 2 Functions',
    'Invocations',
    'Errors and throttles',
    'Duration, 99th percentile',
    '## 3 Records and findings',
    'Bytes, decompressed',
    'Records',
    'Rejected and suspicious records, and inputs returned for retry',
    '## 4 Alerts',
    'Findings and messages',
    'Failures of publishing and deduplication',
    'Deliveries by SNS, and failures',
    'Followed certificates, and failures of the watch list',
    '## 5 Dead-letter queues',
    'Messages to investigate',
  ]);
  const widgets: { y: number; width: number }[] = body.widgets;
  const rows = Map.groupBy(widgets, ({ y }) => y);
  for (const row of rows.values()) expect(row.reduce((width, widget) => width + widget.width, 0)).toBe(24);
});

function alarmsOf(from: typeof template) {
  return Object.values(from.findResources('AWS::CloudWatch::Alarm')).map(({ Properties }) => Properties);
}
