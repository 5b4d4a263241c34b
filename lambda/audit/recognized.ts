import type { AuditEvent, AuditFormat, PodSource } from './audit-record.ts';

/** An audit event with what the values around it report about its origin. */
export interface RecognizedEvent {
  readonly kind: 'event';
  readonly event: AuditEvent;
  readonly format: AuditFormat;
  /** From an envelope around it. */
  readonly logGroup?: string;
  /** The account of the log group, from the same envelope. */
  readonly account?: string;
  /** The cluster that a forwarder, or the event itself, names. */
  readonly cluster?: string;
  /** The pod whose output the event was read from, if a forwarder names it. */
  readonly pod?: PodSource;
}

/** What one record of an input turned out to be. */
export type Recognized =
  | RecognizedEvent
  /**
   * `isJson`: the record is JSON and has no event in it, unlike the plain text that other components log. `content` is
   * its text, or the value that was parsed.
   */
  | { readonly kind: 'not-audit'; readonly isJson: boolean; readonly content: unknown }
  | { readonly kind: 'unreadable'; readonly reason: string }
  /** A record whose end is missing; `head` is the event that was complete enough to evaluate. */
  | { readonly kind: 'truncated'; readonly reason: string; readonly head: RecognizedEvent | undefined };
