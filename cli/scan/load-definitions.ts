import { existsSync } from 'node:fs';
import { auditSchema } from '../../lambda/audit/fields.ts';
import { csrwatchFields } from '../../lambda/findings/csrwatch-fields.ts';
import { exceptionPath, predefinedNames } from '../../lambda/rules/built-in.ts';
import { allErrors } from '../../lambda/rules/compile-rules.ts';
import { loadRules } from '../../lambda/rules/load-rules.ts';
import type { RuleDefinition } from '../../lambda/rules/rule.ts';
import { printProblem, type RuleProblem } from '../../lambda/rules/rule-problem.ts';
import { pathsOrBuiltIn } from '../built-in-rules.ts';
import { adHocRule } from './query-rule.ts';
import type { ScanOptions } from './scan-options.ts';

export type Definitions =
  | {
      readonly ok: true;
      readonly definitions: readonly RuleDefinition[];
      readonly warnings: readonly RuleProblem[];
    }
  | { readonly ok: false; readonly messages: readonly string[] };

/** The rules that the options name, or the built-in ones. */
export function loadDefinitions({ query, rulePaths, only, exceptions }: ScanOptions): Definitions {
  if (query !== undefined) return { ok: true, definitions: [adHocRule(query)], warnings: [] };
  const unknownExceptions = exceptions.filter((name) => !existsSync(exceptionPath(name)));
  if (unknownExceptions.length > 0) {
    const message = `scan: --except ${unknownExceptions.join(', ')}: not a file and not one of ${predefinedNames().join(', ')}`;
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
