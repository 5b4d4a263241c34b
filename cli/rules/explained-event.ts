import type { ExplainedClause } from './explain-condition.ts';

/** What one rule makes of one event. */
export interface ExplainedRule {
  readonly rule: string;
  readonly matches: boolean;
  readonly condition: ExplainedClause;
  /** The exceptions of the rule that are true, and so suppress it. */
  readonly exceptions: readonly {
    readonly name: string;
    readonly reason: string;
    readonly condition: ExplainedClause;
  }[];
}

export interface ExplainedEvent {
  readonly auditID: string | null;
  readonly verb: string | null;
  readonly user: string | null;
  readonly rules: readonly ExplainedRule[];
}
