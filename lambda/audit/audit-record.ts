import type { JsonObject } from '../json/read-json.ts';

/**
 * An audit event of `audit.k8s.io`, as it was parsed from JSON: nothing about its shape is promised,
 * since a custom API server, a forwarder or an attacker may have written it. Read it with `read-json.ts`.
 */
export type AuditEvent = JsonObject;

/**
 * `json`: an Event object. `legacy`: a line of `--audit-log-format=legacy` or of the API server's own log.
 * `truncated`: the beginning of an Event whose end was cut off.
 */
export const auditFormats = ['json', 'legacy', 'truncated'] as const;
export type AuditFormat = (typeof auditFormats)[number];

/** A pod whose standard output an event was read from, as a forwarder names it. */
export interface PodSource {
  readonly name: string;
  readonly namespace?: string;
}

/** The followed certificate that authenticated a request, as the rules about its use read it. */
export interface UsedCertificate {
  readonly sha256: string;
  /** Of the request that led to it. */
  readonly signerName?: string;
  readonly requester?: string;
}

/** One audit event with what is known of where it came from: the document that rules are evaluated on. */
export interface AuditRecord {
  readonly event: AuditEvent;
  readonly format: AuditFormat;
  /** `null` if nothing names the cluster that wrote it. */
  readonly cluster: string | null;
  /** Set if a forwarder read the event from a pod's output: any program in that pod could have written it. */
  readonly pod?: PodSource;
  readonly place: Place;
  /** Of the certificate. Set before rules are evaluated if one of them names it: reading it takes time. */
  readonly subject?: RecordSubject;
  /** Set only while the rules about uses of certificates are evaluated. */
  readonly usedCertificate?: UsedCertificate;
}

/** What rules can name of a certificate's subject. */
export interface RecordSubject {
  readonly commonName: string | null;
  readonly organizations: readonly string[];
}

/** The input as a whole: what to fetch to look at the record again. */
export type Origin =
  | { readonly kind: 'file'; readonly path: string }
  | {
      readonly kind: 'log-stream';
      /** Twelve digits; absent if the envelope lacks `owner`. */
      readonly account?: string;
      readonly region?: string;
      readonly logGroup: string;
      readonly logStream: string;
    }
  | {
      /** A record of a Kinesis stream that is not a CloudWatch Logs envelope. */
      readonly kind: 'stream';
      readonly account?: string;
      readonly region?: string;
      readonly stream: string;
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

/** Where a record is inside its origin. */
export interface Place {
  readonly origin: Origin;
  /** Bytes from the start of the decompressed text. */
  readonly offset?: number;
  /** From 1; counted in LFs of the decompressed text, absent if it was not counted. */
  readonly line?: number;
  /** CloudWatch Logs' id of the log event. */
  readonly logEventId?: string;
  /** Of the Kinesis record. */
  readonly sequenceNumber?: string;
  /** CloudWatch Logs' timestamp of the log event, ms since the epoch. */
  readonly logEventTimestamp?: number;
}
