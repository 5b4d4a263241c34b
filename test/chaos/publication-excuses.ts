import type { Attempt, Publication } from './history.ts';

/** Why a message that SNS accepted may be sent once more. */
export const excuses = [
  'the answer of SNS was lost',
  'the function was killed',
  'the table failed before the mark',
] as const;
export type Excuse = (typeof excuses)[number];

/** Its answer was lost, or the function or the table failed before it was marked as sent. */
export function excuseOf({ answered, attempt }: Publication): Excuse | undefined {
  if (!answered) return 'the answer of SNS was lost';
  if (attempt.killed) return 'the function was killed';
  return tableFailed(attempt) ? 'the table failed before the mark' : undefined;
}

/** A single failed request is none: it is repeated. On a busy machine the table can be slower than its time limit. */
export function tableFailed({ log, deliveries, error = '' }: Attempt): boolean {
  const isSummary = deliveries.length === 0;
  return (
    log.some((line) => line.includes('sent without deduplication')) ||
    (isSummary && error.split('\n').some((reason) => reason !== '' && !reason.startsWith('publishing to')))
  );
}
