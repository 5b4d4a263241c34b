import { fileURLToPath } from 'node:url';
import { auditSchema } from '../lambda/audit/fields.ts';
import { csrwatchFields } from '../lambda/findings/own-fields.ts';
import { compileRules, printProblem } from '../lambda/rules/compile.ts';
import { loadRules } from '../lambda/rules/load.ts';
import type { RuleDefinition } from '../lambda/rules/rule.ts';
import { ConfigError } from './config.ts';

const builtIn = fileURLToPath(new URL('../rules', import.meta.url));

export interface DeployedRules {
  readonly definitions: readonly RuleDefinition[];
  /** What AWS delivers of a log group whose audit events stand bare. */
  readonly filterPattern: string;
}

/** Loads and compiles the rules, so that one that doesn't compile is found before it is deployed. */
export function deployedRules(paths: readonly string[], disabled: readonly string[]): DeployedRules {
  const loaded = loadRules([builtIn, ...paths]);
  if (!loaded.ok) throw new ConfigError(loaded.errors.join('\n'));
  const all = loaded.rules.map(({ definition }) => definition);
  const ids = all.map(({ info }) => info.id);
  const unknown = disabled.find((id) => !ids.includes(id));
  if (unknown) throw new ConfigError(`disabledRules: ${unknown} is no rule; they are ${ids.join(', ')}`);
  const definitions = all.filter(({ info }) => !disabled.includes(info.id));
  if (definitions.length === 0)
    throw new ConfigError('disabledRules: no rule is left, so nothing would be found');
  const compiled = compileRules(definitions, auditSchema(csrwatchFields));
  if (!compiled.ok) throw new ConfigError(compiled.errors.map(printProblem).join('\n'));
  return { definitions, filterPattern: compiled.ruleSet.filterPattern };
}
