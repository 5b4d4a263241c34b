import { auditSchema } from './audit/fields.ts';
import { createDetector, type Detector } from './detector.ts';
import { csrwatchFields } from './findings/csrwatch-fields.ts';
import { compileRules } from './rules/compile-rules.ts';
import type { CompiledRule, RuleDefinition } from './rules/rule.ts';
import { printProblem } from './rules/rule-problem.ts';

/** The compiled rules: those about any event, and those about uses of certificates. */
export interface DetectionRules {
  readonly detector: Detector;
  readonly useRules: readonly CompiledRule[];
}

/** @throws if a rule does not compile, which `cdk synth` finds before the rules are deployed */
export function detectionRulesOf(definitions: readonly RuleDefinition[]): DetectionRules {
  const compiled = compileRules(definitions, auditSchema(csrwatchFields));
  if (!compiled.ok) throw new Error(compiled.errors.map(printProblem).join('\n'));
  return { detector: createDetector(compiled.ruleSet), useRules: compiled.ruleSet.useRules };
}
