import type { Place } from '../../lambda/audit/audit-record.ts';
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
  findings: number;
  rejected: number;
  /** The first hundred. */
  rejections: Rejection[];
  /** Inputs that could not be read to their end. */
  faults: { place: Place; reason: string }[];
}

export function emptyStats(): ScanStats {
  return {
    bytes: 0,
    skippedBytes: 0,
    records: 0,
    events: 0,
    notAudit: 0,
    findings: 0,
    rejected: 0,
    rejections: [],
    faults: [],
  };
}

export function addReport(stats: ScanStats, report: ScanReport): void {
  stats.bytes += report.bytes;
  stats.skippedBytes += report.skippedBytes;
  stats.records += report.records;
  stats.events += report.events;
  stats.notAudit += report.notAudit;
  stats.rejected += report.rejected;
  stats.rejections.push(...report.rejections.slice(0, listedRejections - stats.rejections.length));
  if (report.fault)
    stats.faults.push({ place: { origin: report.fault.origin }, reason: report.fault.reason });
}
