import { existsSync } from 'node:fs';
import { auditSchema } from '../../lambda/audit/fields.ts';
import { csrwatchFields } from '../../lambda/findings/csrwatch-fields.ts';
import { exceptionPath, readyMadeNames } from '../../lambda/rules/built-in.ts';
import { allErrors, compileRules } from '../../lambda/rules/compile-rules.ts';
import { loadRules } from '../../lambda/rules/load-rules.ts';
import type { RuleDefinition, RuleSet } from '../../lambda/rules/rule.ts';
import { printProblem, printWarning, type RuleProblem } from '../../lambda/rules/rule-problem.ts';
import { pathsOrBuiltIn } from '../built-in-rules.ts';
import type { ScanOptions } from './options.ts';
import { adHocRule, byActor, byCertificate, markerRule, ofCsrs } from './query-rule.ts';

/** Conditions that are evaluated with the rules and find nothing by themselves. */
export interface Markers {
  readonly csrs: RuleDefinition;
  readonly actor: RuleDefinition | undefined;
  readonly certificate: RuleDefinition | undefined;
}

export type ScanRules =
  | {
      readonly ok: true;
      readonly ruleSet: RuleSet;
      readonly markers: Markers;
      /** Warnings. */
      readonly messages: readonly string[];
    }
  | { readonly ok: false; readonly messages: readonly string[] };

/**
 * The rules of a scan, compiled together with its markers.
 * @param stories - whether all events of CSRs are needed, also those that no rule matches
 */
export function scanRules(options: ScanOptions, stories: boolean): ScanRules {
  const chosen = definitionsFor(options);
  if (!chosen.ok) return chosen;
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
  const compiled = compileRules([...chosen.definitions, ...used], schema);
  if (!compiled.ok) return { ok: false, messages: compiled.errors.map(printProblem) };
  const warnings = [...chosen.warnings, ...compiled.warnings];
  if (options.strict && warnings.length > 0) return { ok: false, messages: warnings.map(printProblem) };
  return { ok: true, ruleSet: compiled.ruleSet, markers, messages: warnings.map(printWarning) };
}

type Chosen =
  | {
      readonly ok: true;
      readonly definitions: readonly RuleDefinition[];
      readonly warnings: readonly RuleProblem[];
    }
  | { readonly ok: false; readonly messages: readonly string[] };

function definitionsFor({ query, rulePaths, only, exceptions }: ScanOptions): Chosen {
  if (query !== undefined) return { ok: true, definitions: [adHocRule(query)], warnings: [] };
  const unknownExceptions = exceptions.filter((name) => !existsSync(exceptionPath(name)));
  if (unknownExceptions.length > 0) {
    const message = `scan: --except ${unknownExceptions.join(', ')}: not a file and not one of ${readyMadeNames().join(', ')}`;
    return { ok: false, messages: [message] };
  }
  const loaded = loadRules([...pathsOrBuiltIn(rulePaths), ...exceptions.map(exceptionPath)]);
  if (!loaded.ok)
    return { ok: false, messages: allErrors(loaded, auditSchema(csrwatchFields)).map(printProblem) };
  const definitions = loaded.rules.map(({ definition }) => definition);
  const ids = definitions.map(({ info }) => info.id);
  const unknown = only.filter((id) => !ids.includes(id));
  if (unknown.length > 0) {
    return { ok: false, messages: [`scan: --only ${unknown.join(', ')}: the rules are ${ids.join(', ')}`] };
  }
  return {
    ok: true,
    definitions: definitions.filter(({ info }) => only.length === 0 || only.includes(info.id)),
    warnings: loaded.warnings,
  };
}
