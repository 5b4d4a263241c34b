import type { AuditRecord } from './audit/event.ts';
import { factsOf, findingOf } from './findings/describe.ts';
import type { Finding } from './findings/finding.ts';
import type { RuleSet } from './rules/rule.ts';

/** The rules, ready to be asked about one audit event after another. */
export interface Detector {
  readonly needles: readonly string[] | null;
  /** The findings of one event, a rule each; `undefined`, at once, where no rule matches. */
  evaluate(record: AuditRecord): Promise<Finding[]> | undefined;
}

export function createDetector(ruleSet: RuleSet): Detector {
  return {
    needles: ruleSet.needles,
    evaluate(record) {
      const matched = ruleSet.match(record);
      if (matched.length === 0) return undefined;
      return factsOf(record).then((facts) => matched.map(({ info }) => findingOf(facts, info)));
    },
  };
}
