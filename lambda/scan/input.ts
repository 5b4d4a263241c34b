import type { AuditRecord, Origin, Place } from '../audit/audit-record.ts';
import type { CheckedLiteral } from '../framing/prefilter.ts';
import type { SearchedText } from '../framing/search-patterns.ts';
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

/** What an operator has to look at, since no rule could: records that contain a literal and were rejected or suspicious. */
export interface Unread {
  readonly count: number;
  /** The first of them. */
  readonly first: readonly Rejection[];
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
  /** Of these, records that contain a literal and may hold an event in a shape that is not read. */
  readonly suspicious: number;
  /** The first hundred; `suspicious` counts all. */
  readonly suspicions: readonly Rejection[];
  readonly rejected: number;
  /** The first hundred; `rejected` counts all. */
  readonly rejections: readonly Rejection[];
  readonly unread: Unread;
  /** An event was evaluated, or something of one is in the bytes, if only in skipped ones. */
  readonly looksLikeAudit: boolean;
  readonly fault?: Fault;
}

export interface ScanOptions {
  /** Every record that a rule can match holds one of these strings; `null`: no record is skipped. */
  readonly literals: readonly SearchedText[] | null;
  /** Another literal; if it is the only one, nothing else is a candidate. */
  readonly checked?: CheckedLiteral;
  /** Default 16 MiB. A larger record is not parsed: of a list of records the items are read, any other is rejected. */
  readonly maxRecordBytes?: number;
  /** Called for each audit event in order, and awaited. */
  readonly onRecord: (record: AuditRecord) => void | Promise<void>;
  /**
   * Called and awaited between slices of packed bytes, chunks of text, and records. What it throws is the fault that the
   * input ends with.
   */
  readonly onProgress?: () => Promise<void>;
}
