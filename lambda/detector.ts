import type { AuditRecord } from './audit/audit-record.ts';
import type { Finding, RuleInfo } from './findings/finding.ts';
import { mayHaveSubject, withSubject } from './findings/subject-fields.ts';
import type { SearchedText } from './framing/search-patterns.ts';
import type { RuleSet } from './rules/rule.ts';

/** The compiled rules, which evaluate one audit event after another. */
export interface Detector {
  readonly literals: readonly SearchedText[] | null;
  /** One finding for each rule that matches; `undefined`, without a promise, if it is certain at once that none does. */
  evaluate(record: AuditRecord): Promise<Finding[]> | undefined;
}

export function createDetector(ruleSet: RuleSet): Detector {
  return {
    literals: ruleSet.literals,
    evaluate(record) {
      if (ruleSet.readsSubject && mayHaveSubject(record)) return findingsWithSubject(record, ruleSet);
      const matched = ruleSet.match(record);
      return matched.length === 0 ? undefined : findingsOf(record, matched);
    },
  };
}

/**
 * A detector that compiles its rules at the first candidate: most invocations have none.
 * @param literals - of the same rules
 */
export function lazyDetector(literals: Detector['literals'], compile: () => Promise<Detector>): Detector {
  let compiled: Detector | undefined;
  return {
    literals,
    evaluate(record) {
      if (compiled) return compiled.evaluate(record);
      return compile().then((detector) => {
        compiled = detector;
        return detector.evaluate(record) ?? [];
      });
    },
  };
}

async function findingsWithSubject(record: AuditRecord, ruleSet: RuleSet): Promise<Finding[]> {
  const withItsSubject = await withSubject(record);
  const matched = ruleSet.match(withItsSubject);
  return matched.length === 0 ? [] : findingsOf(record, matched);
}

/** Reads the event once for all rules. Loaded lazily: most invocations have no finding. */
async function findingsOf(
  record: AuditRecord,
  matched: readonly { readonly info: RuleInfo }[],
): Promise<Finding[]> {
  const { factsOf, findingOf } = await import('./findings/build-finding.ts');
  const facts = await factsOf(record);
  return matched.map(({ info }) => findingOf(facts, info));
}
