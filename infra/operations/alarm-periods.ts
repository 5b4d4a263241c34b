import type { Duration } from 'aws-cdk-lib';

/**
 * How many periods a silence lasts.
 * @param longest - that CloudWatch looks back
 * @throws Error where it is no multiple of the period, or longer
 */
export function evaluationPeriods(silence: Duration, period: Duration, longest: Duration): number {
  const periods = silence.toMinutes() / period.toMinutes();
  if (Number.isInteger(periods) && periods >= 1 && silence.toMinutes() <= longest.toMinutes()) return periods;
  throw new Error(
    `a silence of ${silence.toHumanString()}: it takes a multiple of ${period.toHumanString()}, ${longest.toHumanString()} at most`,
  );
}
