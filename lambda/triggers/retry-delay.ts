/**
 * When SQS delivers a failed message again. Without this a message waits for the queue's visibility timeout, which is half
 * an hour because Lambda needs six times the function's timeout; most failures are over within a minute.
 *
 * The delay doubles from one minute up to the visibility timeout, so that a message with the fewest receives left is also
 * the one that waits longest: 1, 2, 4, 8, 16, 30, 30, … minutes.
 */

const firstDelaySeconds = 60;

/** The queue's own visibility timeout. */
export const longestDelaySeconds = 1_800;

/**
 * After so many receives a message goes to the dead-letter queue. The delays between them add up to 4 hours 31 minutes,
 * so a message outlasts an outage of four hours.
 */
export const maxReceives = 14;

/** @param receives - `ApproximateReceiveCount` of the message, 1 at the first delivery */
export function retryDelaySeconds(receives: number): number {
  return Math.min(firstDelaySeconds * 2 ** (receives - 1), longestDelaySeconds);
}
