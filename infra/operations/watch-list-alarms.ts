import type { AlarmFactory } from './alarm-factory.ts';
import { counted } from './metrics.ts';

/** Alarms on what makes csrwatch miss the use of an issued certificate. */
export function addWatchListAlarms(alarms: AlarmFactory): void {
  alarms.add('WatchListFailed', {
    metric: counted('WatchListFailed'),
    anchor: 'watch-list-failed',
    meaning:
      'the table of followed certificates did not answer: the functions go on with the certificates that they know',
  });
  alarms.add('WatchListFull', {
    metric: counted('WatchListFull'),
    anchor: 'watch-list-full',
    meaning: 'an issued certificate is not followed, because the watch list is full: its use raises no alert',
  });
  alarms.add('WatchListRemovals', {
    metric: counted('WatchListRemovals'),
    anchor: 'watch-list-removals',
    meaning: 'a certificate was removed from the watch list by hand: its use raises no alert any more',
  });
}
