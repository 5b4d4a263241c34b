import type { AuditFormat, AuditRecord } from '../audit/audit-record.ts';
import type { RuleInfo } from '../findings/finding.ts';

/** A named KQL condition with a reason, ANDed as `not (…)` to the rules it names. */
export interface RuleException {
  readonly name: string;
  readonly reason: string;
  /** KQL. */
  readonly query: string;
  /** Rule ids. */
  readonly rules: readonly string[];
  /** Where it was read from, for messages. */
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

/** A rule file, read: plain data, so that it travels as JSON beside the bundle. */
export interface RuleDefinition {
  readonly info: RuleInfo;
  /** KQL. */
  readonly query: string;
  readonly exceptions: readonly RuleException[];
  /** What must be switched on for the rule to see anything. */
  readonly setup?: string;
  /** The file it was read from, relative, for messages. */
  readonly file: string;
}

export interface CompiledRule {
  readonly info: RuleInfo;
  matches(record: AuditRecord): boolean;
}

/** Rules compiled together: what they share is evaluated once. */
export interface RuleSet {
  readonly rules: readonly CompiledRule[];
  /** One of these stands in the bytes of every record that a rule can match; `null`: no such strings. */
  readonly literals: readonly string[] | null;
  /** The CloudWatch Logs filter pattern that delivers all that any rule can match; `''` delivers everything. */
  readonly filterPattern: string;
  match(record: AuditRecord): readonly CompiledRule[];
}
