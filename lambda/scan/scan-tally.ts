import type { Place } from '../audit/audit-record.ts';
import type { Rejection, ScanReport, Unread } from './input.ts';

/** How many rejections and suspicious records a report lists; all are counted. */
export const listedRejections = 100;

/** So many bytes end a line: between two records, they are not skipped. */
const lineEndBytes = 2;

/** What became of the records of one input. */
export class ScanTally {
  bytes = 0;
  skippedBytes = 0;
  looksLikeAudit = false;
  /** Where the last record ends that was not skipped. */
  private readBytes = 0;
  private records = 0;
  private events = 0;
  private notAudit = 0;
  private readonly rejected = new PlaceList();
  private readonly suspicious = new PlaceList();
  private readonly unread = new PlaceList();

  /** The bytes between a record and the one before were skipped. */
  readTo(offset: number, length: number): void {
    const skipped = offset - this.readBytes;
    if (skipped > lineEndBytes) this.skippedBytes += skipped;
    this.readBytes = offset + length;
  }

  event(): void {
    this.records += 1;
    this.events += 1;
  }

  /** The beginning of a record that was rejected because it is cut off. */
  truncatedEvent(): void {
    this.events += 1;
  }

  notAuditEvent(): void {
    this.records += 1;
    this.notAudit += 1;
  }

  /** A record that is not an audit event, and may hold one. */
  suspect(reason: string, place: () => Place): void {
    this.notAuditEvent();
    this.suspicious.add(reason, place);
    this.unread.add(reason, place);
  }

  /** @param place - called only if the rejection is listed */
  reject(reason: string, place: () => Place, holdsLiteral: boolean): void {
    this.records += 1;
    this.rejected.add(reason, place);
    if (holdsLiteral) this.unread.add(reason, place);
  }

  /** Adds a part of the input that was scanned on its own; all of it is at `place`. A fault of a part is a rejection. */
  addRecordsOf(report: ScanReport, place: Place): void {
    this.records += report.records;
    this.events += report.events;
    this.notAudit += report.notAudit;
    this.looksLikeAudit ||= report.looksLikeAudit;
    const movedTo = (first: readonly Rejection[]) => first.map(({ reason }) => ({ place, reason }));
    this.rejected.addAll({ count: report.rejected, first: movedTo(report.rejections) });
    this.suspicious.addAll({ count: report.suspicious, first: movedTo(report.suspicions) });
    this.unread.addAll({ count: report.unread.count, first: movedTo(report.unread.first) });
    if (report.fault) this.reject(report.fault.reason, () => place, true);
  }

  report(): ScanReport {
    const { bytes, skippedBytes, records, events, notAudit, rejected, suspicious, unread } = this;
    return {
      ...{ bytes, skippedBytes, records, events, notAudit },
      ...{ suspicious: suspicious.count, suspicions: suspicious.first },
      ...{ rejected: rejected.count, rejections: rejected.first },
      unread: { count: unread.count, first: unread.first },
      looksLikeAudit: this.looksLikeAudit || events > 0,
    };
  }
}

/** Counts places, and lists the first. */
class PlaceList implements Unread {
  count = 0;
  readonly first: Rejection[] = [];

  add(reason: string, place: () => Place): void {
    this.count += 1;
    if (this.first.length < listedRejections) this.first.push({ place: place(), reason });
  }

  addAll({ count, first }: Unread): void {
    this.count += count;
    this.first.push(...first.slice(0, listedRejections - this.first.length));
  }
}
