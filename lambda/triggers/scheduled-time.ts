import { stringAt } from '../json/read-json.ts';

/** When a scheduled event of EventBridge was due, since the epoch; `undefined` if it is something else. */
export function scheduledTimeMs(event: unknown): number | undefined {
  if (stringAt(event, 'source') !== 'aws.events' || stringAt(event, 'detail-type') !== 'Scheduled Event') {
    return undefined;
  }
  const timeMs = Date.parse(stringAt(event, 'time') ?? '');
  return Number.isNaN(timeMs) ? undefined : timeMs;
}
