import type { AuditRecord, Origin, Place } from '../audit/audit-record.ts';
import type { SearchedText } from '../framing/prefilter.ts';
import type { ClusterOf } from './cluster-name.ts';

/** Bytes to scan, as they arrived: compressed or not, in any framing. */
export interface Input {
  readonly origin: Origin;
  readonly cluster: ClusterOf;
  /** The bytes are text, whatever they begin with: they are not decompressed or refused as another kind of file. */
  readonly isText?: boolean;
  /** Opens the bytes. Rejects with the I/O error if they cannot be read. */
  open(): AsyncIterable<Uint8Array> | Promise<AsyncIterable<Uint8Array>>;
}

/** A record that should have been readable and is not: no rule saw it, so an operator must. */
export interface Rejection {
  readonly place: Place;
  readonly reason: string;
}

/** A fault of the whole input (missing, truncated gzip, Parquet). What could be read before it was scanned. */
export interface Fault {
  readonly origin: Origin;
  readonly reason: string;
}

/** Every record ends in exactly one of skipped, events, notAudit and rejected. */
export interface ScanReport {
  /** Decompressed bytes. */
  readonly bytes: number;
  /** Bytes of skipped records: they hold no literal and nothing that could hide one. */
  readonly skippedBytes: number;
  /** Records parsed; an item of an array, EventList or `logEvents` is one. */
  readonly records: number;
  /** Records evaluated as audit events. */
  readonly events: number;
  readonly notAudit: number;
  readonly rejected: number;
  /** The first hundred; `rejected` counts all. */
  readonly rejections: readonly Rejection[];
  readonly fault?: Fault;
}

export interface ScanOptions {
  /** Every record that a rule can match holds one of these strings; `null`: no record is skipped. */
  readonly literals: readonly SearchedText[] | null;
  /** Default 16 MiB. A larger record is not parsed: of a list of records the items are read, any other is rejected. */
  readonly maxRecordBytes?: number;
  /** Called for each audit event in order, and awaited. */
  readonly onRecord: (record: AuditRecord) => void | Promise<void>;
}
