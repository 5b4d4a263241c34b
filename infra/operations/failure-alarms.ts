import { Duration } from 'aws-cdk-lib';
import { Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { type AlarmFactory, alarmPeriod as period } from './alarm-factory.ts';
import { counted } from './cloudwatch-metrics.ts';
import { addDeliveryAlarms } from './delivery-alarms.ts';

export interface Failing {
  /** Every detector. */
  readonly functions: readonly IFunction[];
  /** Those that CloudWatch Logs invokes, asynchronously. */
  readonly subscribed: readonly IFunction[];
  /** The name of the subscription filters. */
  readonly subscriptionFilter: string | undefined;
  /** Those that read a Kinesis stream. */
  readonly streamReaders: readonly IFunction[];
  /** The queue of object notifications. */
  readonly objects: IQueue | undefined;
  /** Dead-letter queues of inputs. */
  readonly failures: readonly IQueue[];
  /** Dead-letter queues of subscriptions. */
  readonly undelivered: readonly IQueue[];
}

/** After that, an alert is late for the person who has to revoke a certificate. */
const waitLimit = Duration.minutes(15);
/** Longer than the longest pause between two attempts of an object, which is the visibility timeout of half an hour. */
const objectWaitLimit = Duration.hours(1);

/** Adds alarms for everything that could make csrwatch miss an event or alert late. */
export function addFailureAlarms(alarms: AlarmFactory, failing: Failing): void {
  addFunctionAlarms(alarms, failing);
  addQueueAlarms(alarms, failing);
  alarms.add('Rejected', {
    metric: counted('Rejected'),
    anchor: 'rejected-records',
    meaning: 'records could not be read, so no rule was evaluated on them',
  });
  alarms.add('Suspicious', {
    metric: counted('Suspicious'),
    anchor: 'suspicious-records',
    meaning:
      'records contain a literal of the rules, but no audit event that csrwatch can read: they may hide one',
  });
  alarms.add('PublishFailures', {
    metric: counted('PublishFailures'),
    anchor: 'publish-failures',
    meaning: 'an alert could not be published: its input is retried',
  });
  alarms.add('DedupFailures', {
    metric: counted('DedupFailures'),
    anchor: 'dedup-failures',
    meaning: 'the dedup table did not respond: alerts are sent anyway, some of them twice',
  });
}

function addFunctionAlarms(
  alarms: AlarmFactory,
  { functions, subscribed, subscriptionFilter, streamReaders }: Failing,
): void {
  for (const [index, detector] of functions.entries()) {
    alarms.add(numbered('Errors', index), {
      metric: detector.metricErrors({ period }),
      anchor: 'function-errors',
      meaning:
        'a detector function failed: its input is retried, then kept in a dead-letter queue or the failure bucket',
    });
    alarms.add(numbered('Throttles', index), {
      metric: detector.metricThrottles({ period }),
      anchor: 'function-throttles',
      meaning:
        'a detector function is throttled: inputs wait, and go to a dead-letter queue or the failure bucket after their retries',
      notifyOk: true,
    });
  }
  for (const [index, detector] of subscribed.entries()) {
    alarms.add(numbered('AsyncEventAge', index), {
      metric: detector.metric('AsyncEventAge', { period, statistic: Stats.MAXIMUM }),
      anchor: 'logs-wait',
      meaning: `log deliveries wait for more than ${waitLimit.toMinutes()} minutes: alerts are late`,
      threshold: waitLimit.toMilliseconds(),
      notifyOk: true,
    });
    alarms.add(numbered('DestinationFailures', index), {
      metric: detector.metric('DestinationDeliveryFailures', { period, statistic: Stats.SUM }),
      anchor: 'failure-destination',
      meaning: 'a failed log delivery could not be stored in the failure bucket: it is lost',
    });
  }
  if (subscriptionFilter !== undefined) addDeliveryAlarms(alarms, subscriptionFilter);
  for (const [index, reader] of streamReaders.entries()) {
    alarms.add(numbered('IteratorAge', index), {
      metric: reader.metric('IteratorAge', { period, statistic: Stats.MAXIMUM }),
      anchor: 'stream-waits',
      meaning: `records of the Kinesis stream wait for more than ${waitLimit.toMinutes()} minutes: alerts are late`,
      threshold: waitLimit.toMilliseconds(),
      notifyOk: true,
    });
  }
}

function addQueueAlarms(alarms: AlarmFactory, { objects, failures, undelivered }: Failing): void {
  const messages = (queue: IQueue) =>
    queue.metricApproximateNumberOfMessagesVisible({ period, statistic: Stats.MAXIMUM });
  for (const [index, queue] of failures.entries()) {
    alarms.add(numbered('Failed', index), {
      metric: messages(queue),
      anchor: 'failed-inputs',
      meaning: 'an input failed every attempt: it has not been evaluated to its end',
      notifyOk: true,
    });
  }
  for (const [index, queue] of undelivered.entries()) {
    alarms.add(numbered('Undelivered', index), {
      metric: messages(queue),
      anchor: 'undelivered-alerts',
      meaning: 'SNS could not deliver an alert to a subscriber after every attempt',
      notifyOk: true,
    });
  }
  if (objects === undefined) return;
  alarms.add('Overwritten', {
    metric: counted('Overwritten'),
    anchor: 'overwritten-objects',
    meaning: 'an object was overwritten before it was read: the events in it are lost',
  });
  alarms.add('Age', {
    metric: objects.metricApproximateAgeOfOldestMessage({ period, statistic: Stats.MAXIMUM }),
    anchor: 'objects-wait',
    meaning: 'object notifications wait for more than an hour: alerts are late',
    threshold: objectWaitLimit.toSeconds(),
    notifyOk: true,
  });
}

function numbered(id: string, index: number): string {
  return index === 0 ? id : `${id}${index + 1}`;
}
