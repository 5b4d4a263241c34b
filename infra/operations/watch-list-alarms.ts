import type { AlarmFactory } from './alarm-factory.ts';
import { counted } from './cloudwatch-metrics.ts';

/** Alarms on what makes csrwatch miss the use of an issued certificate. */
export function addWatchListAlarms(alarms: AlarmFactory): void {
  alarms.add('WatchListFailed', {
    metric: counted('WatchListFailed'),
    anchor: 'watch-list-failed',
    meaning:
      'the table of followed certificates did not respond: the functions continue with the certificates that they loaded last',
  });
  alarms.add('WatchListFull', {
    metric: counted('WatchListFull'),
    anchor: 'watch-list-full',
    meaning: 'an issued certificate is not followed, because the watch list is full: its use raises no alert',
  });
  alarms.add('WatchListRemovals', {
    metric: counted('WatchListRemovals'),
    anchor: 'watch-list-removals',
    meaning: 'a certificate was removed from the watch list by hand: its use no longer raises an alert',
  });
}
