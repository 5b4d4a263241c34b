import type { Origin } from '../../lambda/audit/audit-record.ts';
import type { Rejection, ScanReport } from '../../lambda/scan/input.ts';
import { listedRejections } from '../../lambda/scan/scan-tally.ts';
import { addReport, emptyStats } from '../report/scan-stats.ts';

/** The report on an input that was scanned in parts. */
export class MergedReport {
  private readonly origin: Origin;
  private readonly stats = emptyStats();
  private looksLikeAudit = false;
  private unreadCount = 0;
  private readonly unreadFirst: Rejection[] = [];

  constructor(origin: Origin) {
    this.origin = origin;
  }

  get bytes(): number {
    return this.stats.bytes;
  }

  add(part: ScanReport): void {
    addReport(this.stats, part, this.origin);
    this.looksLikeAudit ||= part.looksLikeAudit;
    this.unreadCount += part.unread.count;
    this.unreadFirst.push(...part.unread.first.slice(0, listedRejections - this.unreadFirst.length));
  }

  /** @param reason - why the input could not be read to its end */
  report(reason?: string): ScanReport {
    const { origin, stats, looksLikeAudit, unreadCount: count, unreadFirst: first } = this;
    return {
      ...stats,
      unread: { count, first },
      looksLikeAudit,
      ...(reason === undefined ? {} : { fault: { origin, reason } }),
    };
  }
}
