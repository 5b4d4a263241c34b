import type { Origin, Place } from '../../lambda/audit/audit-record.ts';
import type { Rejection, ScanReport } from '../../lambda/scan/input.ts';
import { listedRejections } from '../../lambda/scan/scan-tally.ts';

/** The result of a scan of one or more inputs. */
export interface ScanStats {
  /** Decompressed bytes. */
  bytes: number;
  /** Of these, bytes of records that were not parsed because no rule could match them. */
  skippedBytes: number;
  /** Records parsed. */
  records: number;
  /** Records evaluated as audit events. */
  events: number;
  notAudit: number;
  /** Of these, records that contain a literal and may hold an event in a shape that is not read. */
  suspicious: number;
  /** The first hundred. */
  suspicions: Rejection[];
  findings: number;
  rejected: number;
  /** The first hundred. */
  rejections: Rejection[];
  /** Inputs that could not be read to their end. */
  faults: { place: Place; reason: string }[];
  /** Inputs that were read and contain no audit event. */
  withoutEvents: { place: Place; reason: string }[];
}

export function emptyStats(): ScanStats {
  return {
    bytes: 0,
    skippedBytes: 0,
    records: 0,
    events: 0,
    notAudit: 0,
    suspicious: 0,
    suspicions: [],
    findings: 0,
    rejected: 0,
    rejections: [],
    faults: [],
    withoutEvents: [],
  };
}

export function addReport(stats: ScanStats, report: ScanReport, origin: Origin): void {
  stats.bytes += report.bytes;
  stats.skippedBytes += report.skippedBytes;
  stats.records += report.records;
  stats.events += report.events;
  stats.notAudit += report.notAudit;
  stats.suspicious += report.suspicious;
  stats.suspicions.push(...report.suspicions.slice(0, listedRejections - stats.suspicions.length));
  stats.rejected += report.rejected;
  stats.rejections.push(...report.rejections.slice(0, listedRejections - stats.rejections.length));
  if (report.fault)
    stats.faults.push({ place: { origin: report.fault.origin }, reason: report.fault.reason });
  else if (report.bytes > 0 && !report.looksLikeAudit)
    stats.withoutEvents.push({ place: { origin }, reason: 'does not look like a Kubernetes audit log' });
}
