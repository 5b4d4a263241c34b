import type { AlarmFactory } from './alarm-factory.ts';
import { deliveredByGroup } from './cloudwatch-metrics.ts';

/** Alarms on what CloudWatch Logs could not deliver. @param filterName - of the subscription filters */
export function addDeliveryAlarms(alarms: AlarmFactory, filterName: string): void {
  alarms.add('DeliveryErrors', {
    metric: deliveredByGroup('DeliveryErrors', filterName),
    anchor: 'delivery-errors',
    meaning: 'CloudWatch Logs could not deliver to a subscription: it skips the logs of up to ten minutes',
  });
  alarms.add('DeliveryThrottling', {
    metric: deliveredByGroup('DeliveryThrottling', filterName),
    anchor: 'delivery-throttling',
    meaning: 'CloudWatch Logs is throttled on delivery: it retries for a day',
    notifyOk: true,
  });
}
