/**
 * An audit event of `audit.k8s.io`, as it was parsed from JSON: nothing about its shape is promised,
 * since a custom API server, a forwarder or an attacker may have written it. Read it with `read.ts`.
 */
export type AuditEvent = Readonly<Record<string, unknown>>;

/** `json`: an Event object. `legacy`: a line of `--audit-log-format=legacy` or of the API server's own log. */
export type AuditFormat = 'json' | 'legacy';

/** One audit event with what is known of where it came from: the document that rules are evaluated on. */
export interface AuditRecord {
  readonly event: AuditEvent;
  readonly format: AuditFormat;
  /** `null` where nothing says which cluster wrote it. */
  readonly cluster: string | null;
  readonly place: Place;
}

/** The input as a whole: what one would fetch to look at the record again. */
export type Origin =
  | { readonly kind: 'file'; readonly path: string }
  | {
      readonly kind: 'log-stream';
      /** Twelve digits; absent where the envelope lacks `owner`. */
      readonly account?: string;
      readonly region?: string;
      readonly logGroup: string;
      readonly logStream: string;
    }
  | {
      readonly kind: 'object';
      readonly account?: string;
      readonly region?: string;
      readonly bucket: string;
      /** Decoded, as S3's API takes it. */
      readonly key: string;
      readonly versionId?: string;
    };

/** Where a record stands inside its origin. */
export interface Place {
  readonly origin: Origin;
  /** Bytes from the start of the unpacked text. */
  readonly offset?: number;
  /** From 1; counted in LFs of the unpacked text, absent where it was not counted. */
  readonly line?: number;
  /** CloudWatch Logs' id of the log event. */
  readonly logEventId?: string;
  /** CloudWatch Logs' timestamp of the log event, ms since the epoch. */
  readonly logEventTimestamp?: number;
}
