import { Annotations, Duration } from 'aws-cdk-lib';
import { type IMetric, Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { bucketMetric, metricsNamespace } from '../../lambda/embedded-metrics.ts';
import type { AlarmFactory } from './alarm-factory.ts';
import { evaluationPeriods } from './alarm-periods.ts';

/** CloudWatch evaluates an alarm over 7 days at most if a period is an hour or longer. */
const longestNoData = Duration.days(7);

/** A stack has room for 500 resources, and an alarm is one. */
const maxBucketAlarms = 100;

/**
 * Adds an alarm for each bucket that goes off if no audit log has been read from it within the configured time. Its metric
 * counts neither canaries nor objects that do not look like an audit log. If several buckets share the queue, or scheduled
 * canaries send notifications to it, another alarm goes off if no notification has arrived at all.
 * @param canaries - whether canaries are scheduled
 * @throws Error for a time over which CloudWatch does not evaluate an alarm
 */
export function addObjectNoDataAlarms(
  alarms: AlarmFactory,
  objects: IQueue,
  buckets: readonly Pick<IBucket, 'bucketName'>[],
  noDataTime: Duration,
  canaries: boolean,
): void {
  const period = Duration.hours(1);
  const alarm = (id: string, metric: IMetric, symptom: string) =>
    alarms.add(id, {
      metric,
      anchor: 'bucket-no-data',
      meaning: `${symptom} for ${noDataTime.toHours()} hours: csrwatch does not see what happens there`,
      alarmIfBelow: true,
      periods: evaluationPeriods(noDataTime, period, longestNoData),
      notifyOk: true,
    });
  if (buckets.length !== 1 || canaries) {
    alarm(
      'NoObjects',
      objects.metricNumberOfMessagesSent({ period, statistic: Stats.SUM }),
      'no watched bucket has received an object',
    );
  }
  if (buckets.length > maxBucketAlarms) {
    Annotations.of(alarms).addWarningV2(
      'csrwatch:no-data:buckets',
      `${buckets.length} buckets share one no-data alarm: a stack has room for alarms of ${maxBucketAlarms} buckets. Split the buckets over several stacks`,
    );
    return;
  }
  for (const [index, { bucketName }] of buckets.entries()) {
    const metric = new Metric({
      namespace: metricsNamespace,
      metricName: bucketMetric,
      dimensionsMap: { Bucket: bucketName },
      statistic: Stats.SUM,
      period,
    });
    alarm(`NoObjects${index + 1}`, metric, `no audit log of the bucket ${bucketName} has been read`);
  }
}
