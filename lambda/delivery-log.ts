import type { Log } from './log.ts';
import type { Outbox } from './outbox.ts';
import type { ScanReport } from './scan/input.ts';

/** Rejected records, and suspicious ones, that are logged per delivery; the metrics count all. */
const loggedRecords = 10;

/** Logs the records that no rule could be evaluated on. */
export function logUnread(log: Log, source: string, { rejections, suspicions }: ScanReport): void {
  for (const { place, reason } of rejections.slice(0, loggedRecords))
    log('warn', 'record rejected', { source, place, reason });
  for (const { place, reason } of suspicions.slice(0, loggedRecords))
    log('warn', 'record suspicious', { source, place, reason });
}

export function logDedupFailures(log: Log, source: string, outbox: Outbox): void {
  if (outbox.dedupFailures === 0) return;
  const reasons = [...outbox.dedupReasons];
  log('warn', 'sent without deduplication', { source, alerts: outbox.dedupFailures, reasons });
}
