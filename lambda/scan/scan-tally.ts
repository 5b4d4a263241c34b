import type { Place } from '../audit/audit-record.ts';
import type { Rejection, ScanReport } from './input.ts';

/** How many rejections a report lists; all are counted. */
export const listedRejections = 100;

/** What became of the records of one input. */
export class ScanTally {
  bytes = 0;
  skippedBytes = 0;
  private records = 0;
  private events = 0;
  private notAudit = 0;
  private rejected = 0;
  private readonly rejections: Rejection[] = [];

  event(): void {
    this.records += 1;
    this.events += 1;
  }

  /** The beginning of a record that was rejected because it is cut off. */
  truncatedEvent(): void {
    this.events += 1;
  }

  get eventCount(): number {
    return this.events;
  }

  notAuditEvent(): void {
    this.records += 1;
    this.notAudit += 1;
  }

  /** @param place - called only if the rejection is listed */
  reject(reason: string, place: () => Place): void {
    this.records += 1;
    this.rejected += 1;
    if (this.rejections.length < listedRejections) this.rejections.push({ place: place(), reason });
  }

  /** Adds a part of the input that was scanned on its own; its rejections are at `place`. A fault of a part is a rejection. */
  addRecordsOf(report: ScanReport, place: Place): void {
    this.records += report.records;
    this.events += report.events;
    this.notAudit += report.notAudit;
    this.rejected += report.rejected;
    for (const { reason } of report.rejections) {
      if (this.rejections.length < listedRejections) this.rejections.push({ place, reason });
    }
    if (report.fault) this.reject(report.fault.reason, () => place);
  }

  report(): ScanReport {
    const { bytes, skippedBytes, records, events, notAudit, rejected, rejections } = this;
    return { bytes, skippedBytes, records, events, notAudit, rejected, rejections };
  }
}
