import { auditSchema } from '../../lambda/audit/fields.ts';
import { csrwatchFields } from '../../lambda/findings/csrwatch-fields.ts';
import { compileRules } from '../../lambda/rules/compile-rules.ts';
import type { RuleDefinition, RuleSet } from '../../lambda/rules/rule.ts';
import { printProblem, printWarning, type RuleProblem } from '../../lambda/rules/rule-problem.ts';
import { byActor, byCertificate, markerRule, ofCsrs } from './query-rule.ts';
import type { ScanOptions } from './scan-options.ts';

/** Conditions that are evaluated with the rules and find nothing by themselves. */
export interface Markers {
  readonly csrs: RuleDefinition;
  readonly actor: RuleDefinition | undefined;
  readonly certificate: RuleDefinition | undefined;
}

/** The rules of a scan, compiled together with its markers. */
export interface ScanRules {
  readonly ruleSet: RuleSet;
  readonly markers: Markers;
}

export type CompiledScanRules =
  /** The messages are warnings. */
  | (ScanRules & { readonly ok: true; readonly messages: readonly string[] })
  | { readonly ok: false; readonly messages: readonly string[] };

/**
 * @param stories - whether all events of CSRs are needed, also those that no rule matches
 * @param loadWarnings - about the files that the definitions were read from
 */
export function compileScanRules(
  definitions: readonly RuleDefinition[],
  options: Pick<ScanOptions, 'filters' | 'cluster' | 'strict'>,
  stories: boolean,
  loadWarnings: readonly RuleProblem[] = [],
): CompiledScanRules {
  const { actor, certificate } = options.filters;
  const markers: Markers = {
    csrs: markerRule(ofCsrs),
    actor: actor === undefined ? undefined : markerRule(byActor(actor)),
    certificate: certificate === undefined ? undefined : markerRule(byCertificate(certificate)),
  };
  const used = [...(stories ? [markers.csrs] : []), markers.actor, markers.certificate].filter(
    (marker) => marker !== undefined,
  );
  const schema = auditSchema(csrwatchFields, { cluster: options.cluster });
  const compiled = compileRules([...definitions, ...used], schema);
  if (!compiled.ok) return { ok: false, messages: compiled.errors.map(printProblem) };
  const warnings = [...loadWarnings, ...compiled.warnings];
  if (options.strict && warnings.length > 0) return { ok: false, messages: warnings.map(printProblem) };
  return { ok: true, ruleSet: compiled.ruleSet, markers, messages: warnings.map(printWarning) };
}
