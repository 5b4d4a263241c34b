import { auditSchema } from './audit/fields.ts';
import { createDetector, type Detector } from './detector.ts';
import { csrwatchFields } from './findings/csrwatch-fields.ts';
import { compileRules } from './rules/compile-rules.ts';
import type { RuleDefinition } from './rules/rule.ts';
import { printProblem } from './rules/rule-problem.ts';

/** @throws if a rule does not compile, which `cdk synth` finds before the rules are deployed */
export function detectorOf(definitions: readonly RuleDefinition[]): Detector {
  const compiled = compileRules(definitions, auditSchema(csrwatchFields));
  if (!compiled.ok) throw new Error(compiled.errors.map(printProblem).join('\n'));
  return createDetector(compiled.ruleSet);
}
