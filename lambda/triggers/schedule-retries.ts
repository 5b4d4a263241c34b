import type { Log } from '../log.ts';
import { namedMessageOf } from '../message-of.ts';
import type { QueueMessage } from './queue-message.ts';
import { retryDelaySeconds } from './retry-delay.ts';
import type { ChangeVisibility } from './sqs-visibility.ts';

/**
 * Schedules the next delivery of failed messages. Never throws: a message whose visibility can't be changed comes back
 * after the queue's own visibility timeout, and an error here would return the messages that succeeded, too.
 * @param withinMs - of the invocation's time
 */
export async function scheduleRetries(
  messages: readonly QueueMessage[],
  load: () => Promise<ChangeVisibility>,
  { withinMs, log }: { readonly withinMs: number; readonly log: Log },
): Promise<void> {
  const abort = AbortSignal.timeout(withinMs);
  const scheduled = messages.map(async (message) => {
    const seconds = retryDelaySeconds(message.receives);
    try {
      const changing = load().then((change) => change(message, seconds, abort));
      await Promise.race([changing, aborted(abort)]);
    } catch (error) {
      const reason = namedMessageOf(error);
      const { messageId } = message;
      log('warn', 'the next delivery could not be scheduled; it comes after the visibility timeout', {
        messageId,
        seconds,
        reason,
      });
    }
  });
  await Promise.all(scheduled);
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}
