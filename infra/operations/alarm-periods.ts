import type { Duration } from 'aws-cdk-lib';

/**
 * The number of periods in the time after which a no-data alarm goes off.
 * @param longest - the longest time over which CloudWatch evaluates an alarm with that period
 * @throws Error if the time is not a multiple of the period, or too long
 */
export function evaluationPeriods(time: Duration, period: Duration, longest: Duration): number {
  const periods = time.toMinutes() / period.toMinutes();
  if (Number.isInteger(periods) && periods >= 1 && time.toMinutes() <= longest.toMinutes()) return periods;
  throw new Error(
    `no data for ${time.toHumanString()}: give a multiple of ${period.toHumanString()}, at most ${longest.toHumanString()}`,
  );
}
