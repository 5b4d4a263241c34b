import { Annotations, Duration } from 'aws-cdk-lib';
import { type IMetric, Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { bucketMetric, metricsNamespace } from '../../lambda/metrics.ts';
import type { AlarmFactory } from './alarm-factory.ts';
import { evaluationPeriods } from './alarm-periods.ts';

/** CloudWatch looks back no further. */
const longestSilence = Duration.days(7);

/** An alarm is one of the 500 resources that a stack holds. */
const mostBucketAlarms = 100;

/**
 * An alarm where no object notification has come for so long. Where buckets share the queue, or canaries on a schedule are
 * told of in it, there is one on each bucket as well, lest one is silent unheard: its metric leaves canaries out.
 * @param canaries - there are canaries on a schedule
 * @throws Error for a time that CloudWatch can't look back
 */
export function addObjectNoDataAlarms(
  desk: AlarmFactory,
  objects: IQueue,
  buckets: readonly Pick<IBucket, 'bucketName'>[],
  silence: Duration,
  canaries: boolean,
): void {
  const period = Duration.hours(1);
  const alarm = (id: string, metric: IMetric, of: string) =>
    desk.alarm(id, {
      metric,
      anchor: 'silent-buckets',
      meaning: `${of} for ${silence.toHours()} hours: csrwatch sees nothing of what happens there`,
      silence: true,
      periods: evaluationPeriods(silence, period, longestSilence),
      lasts: true,
    });
  alarm(
    'SilentBuckets',
    objects.metricNumberOfMessagesSent({ period, statistic: Stats.SUM }),
    'no watched bucket has got an object',
  );
  if (buckets.length < 2 && !canaries) return;
  if (buckets.length > mostBucketAlarms) {
    Annotations.of(desk).addWarningV2(
      'csrwatch:silence:buckets',
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
    alarm(`SilentBucket${index + 1}`, metric, `nothing of the bucket ${bucketName} has been read`);
  }
}
