import { Annotations, Duration } from 'aws-cdk-lib';
import { type IMetric, Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { bucketMetric, metricsNamespace } from '../../lambda/metrics.ts';
import type { AlarmFactory } from './alarm-factory.ts';
import { evaluationPeriods } from './alarm-periods.ts';

/** CloudWatch looks back no further. */
const longestNoData = Duration.days(7);

/** An alarm is one of the 500 resources that a stack holds. */
const mostBucketAlarms = 100;

/**
 * An alarm where no object notification has come for so long. Where buckets share the queue, or canaries on a schedule are
 * told of in it, there is one on each bucket as well, lest one is silent unheard: its metric leaves canaries out.
 * @param canaries - there are canaries on a schedule
 * @throws Error for a time that CloudWatch can't look back
 */
export function addObjectNoDataAlarms(
  alarms: AlarmFactory,
  objects: IQueue,
  buckets: readonly Pick<IBucket, 'bucketName'>[],
  silence: Duration,
  canaries: boolean,
): void {
  const period = Duration.hours(1);
  const alarm = (id: string, metric: IMetric, of: string) =>
    alarms.add(id, {
      metric,
      anchor: 'bucket-no-data',
      meaning: `${of} for ${silence.toHours()} hours: csrwatch sees nothing of what happens there`,
      silence: true,
      periods: evaluationPeriods(silence, period, longestNoData),
      lasts: true,
    });
  alarm(
    'NoObjects',
    objects.metricNumberOfMessagesSent({ period, statistic: Stats.SUM }),
    'no watched bucket has got an object',
  );
  if (buckets.length < 2 && !canaries) return;
  if (buckets.length > mostBucketAlarms) {
    Annotations.of(alarms).addWarningV2(
      'csrwatch:no-data:buckets',
      `${buckets.length} buckets get one alarm on silence: a stack has room for ${mostBucketAlarms}. Split them over stacks`,
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
    alarm(`NoObjects${index + 1}`, metric, `nothing of the bucket ${bucketName} has been read`);
  }
}
