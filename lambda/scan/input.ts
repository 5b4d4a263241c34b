import type { AuditRecord, Origin, Place } from '../audit/audit-record.ts';
import type { ClusterOf } from './cluster-name.ts';

/** Bytes to scan, as they arrived: packed or not, in any framing. */
export interface Input {
  readonly origin: Origin;
  readonly cluster: ClusterOf;
  /** Opens the bytes anew at each call. Rejects with the I/O error where they can't be read. */
  open(): AsyncIterable<Uint8Array> | Promise<AsyncIterable<Uint8Array>>;
}

/** A candidate that could not be read: the record is lost for the rules, never for the operator. */
export interface Rejection {
  readonly place: Place;
  readonly reason: string;
}

/** A fault of the whole input (missing, a cut gzip, Parquet): what was readable before it was scanned. */
export interface Fault {
  readonly origin: Origin;
  readonly reason: string;
}

/** Every record ends in exactly one of passed over, events, notAudit, rejected. */
export interface ScanReport {
  /** Unpacked bytes. */
  readonly bytes: number;
  /** Bytes of records passed over: they hold no literal and nothing that could hide one. */
  readonly skippedBytes: number;
  /** Records parsed; an item of an array, EventList or `logEvents` is one. */
  readonly records: number;
  /** Records evaluated as audit events. */
  readonly events: number;
  readonly notAudit: number;
  readonly rejected: number;
  /** The first ones, bounded; `rejected` counts all. */
  readonly rejections: readonly Rejection[];
  readonly fault?: Fault;
}

export interface ScanOptions {
  /** Strings one of which every matching record holds; `null`: every record is a candidate. */
  readonly literals: readonly string[] | null;
  /** Default 64 MiB. A larger record is rejected and the scan goes on after it. */
  readonly maxRecordBytes?: number;
  /** Called for each audit event in order; awaited before the next one where it returns a promise. */
  readonly onRecord: (record: AuditRecord) => void | Promise<void>;
}
