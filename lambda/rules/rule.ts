import type { AuditFormat, AuditRecord } from '../audit/audit-record.ts';
import type { RuleInfo } from '../findings/finding.ts';
import type { SearchedText } from '../framing/search-patterns.ts';
import type { SubscriptionFilter } from '../kql/subscription-filter.ts';

/** A named KQL condition with a reason, ANDed as `not (…)` to the rules it names. */
export interface RuleException {
  readonly name: string;
  readonly reason: string;
  /** KQL. */
  readonly query: string;
  /** Rule ids. */
  readonly rules: readonly string[];
  /** The file it was read from, or where else it comes from, for messages. */
  readonly file: string;
}

/** An example inside a rule file: an audit event, and whether the rule matches it. */
export interface RuleExample {
  readonly name: string;
  readonly matches: boolean;
  /** @default 'json' */
  readonly format: AuditFormat;
  readonly event: Readonly<Record<string, unknown>>;
}

/** The content of a rule file: plain data, which is deployed as JSON next to the bundle. */
export interface RuleDefinition {
  readonly info: RuleInfo;
  /** KQL. */
  readonly query: string;
  /** The rule is evaluated on the uses of followed certificates, and on no other event. */
  readonly appliesTo?: 'certificate-uses';
  readonly exceptions: readonly RuleException[];
  /** What must be configured for the rule to match anything. */
  readonly setup?: string;
  /** The name of the file it was read from, for messages. */
  readonly file: string;
}

export interface CompiledRule {
  readonly info: RuleInfo;
  matches(record: AuditRecord): boolean;
}

/** Rules that are compiled together, so that what they share is evaluated once. */
export interface RuleSet {
  /** The rules about any event. */
  readonly rules: readonly CompiledRule[];
  /** At least one of these is in the bytes of every record that a rule can match; `null`: there are none. */
  readonly literals: readonly SearchedText[] | null;
  /** Delivers every log event that a rule can match. */
  readonly filter: SubscriptionFilter;
  /** The same and the uses of client certificates. */
  readonly followingFilter: SubscriptionFilter;
  /** A condition or an exception names the subject of the certificate, which `withSubject` adds to a record. */
  readonly readsSubject: boolean;
  match(record: AuditRecord): readonly CompiledRule[];
  /** The rules about uses of followed certificates. */
  readonly useRules: readonly CompiledRule[];
}
