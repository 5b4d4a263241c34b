import type { AuditRecord } from './audit/audit-record.ts';
import type { Finding, RuleInfo } from './findings/finding.ts';
import type { RuleSet } from './rules/rule.ts';

/** The rules, ready to be asked about one audit event after another. */
export interface Detector {
  readonly literals: readonly string[] | null;
  /** The findings of one event, a rule each; `undefined`, at once, where no rule matches. */
  evaluate(record: AuditRecord): Promise<Finding[]> | undefined;
}

export function createDetector(ruleSet: RuleSet): Detector {
  return {
    literals: ruleSet.literals,
    evaluate(record) {
      const matched = ruleSet.match(record);
      return matched.length === 0 ? undefined : findingsOf(record, matched);
    },
  };
}

/** Reads the event once for all its rules. Most invocations find nothing and load none of what reads it. */
async function findingsOf(
  record: AuditRecord,
  matched: readonly { readonly info: RuleInfo }[],
): Promise<Finding[]> {
  const { factsOf, findingOf } = await import('./findings/build-finding.ts');
  const facts = await factsOf(record);
  return matched.map(({ info }) => findingOf(facts, info));
}
