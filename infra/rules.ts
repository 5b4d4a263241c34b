import { auditSchema } from '../lambda/audit/fields.ts';
import { csrwatchFields } from '../lambda/findings/csrwatch-fields.ts';
import type { SearchedText } from '../lambda/framing/search-patterns.ts';
import type { SubscriptionFilter } from '../lambda/kql/subscription-filter.ts';
import { builtInRules, exceptionPath, predefinedNames } from '../lambda/rules/built-in.ts';
import { allErrors, compileRules } from '../lambda/rules/compile-rules.ts';
import { loadRules } from '../lambda/rules/load-rules.ts';
import type { RuleDefinition, RuleException } from '../lambda/rules/rule.ts';
import { printProblem } from '../lambda/rules/rule-problem.ts';
import { ConfigError } from './config/config-error.ts';
import type { ConfigInput } from './config/config-input.ts';

/** Rules that compile, and what is derived from them. */
export interface DeployedRules {
  /** @internal */
  readonly definitions: readonly RuleDefinition[];
  /** The prefilter literals of all rules, so that a function need not compile them to search for candidates. @internal */
  readonly literals: readonly SearchedText[] | null;
  /** Which log events CloudWatch Logs delivers. @internal */
  readonly filter: SubscriptionFilter;
  /** The same for log groups with `followCertificates`. @internal */
  readonly followingFilter: SubscriptionFilter;
  /** Warnings about the rules, printed. */
  readonly warnings: readonly string[];
}

/** Which rules are used: as in a configuration file. */
export type RuleChoice = Pick<ConfigInput, 'rules' | 'disabledRules' | 'exceptions'>;

/**
 * Loads and compiles the rules, so that a rule that does not compile is found before it is deployed.
 * @throws {ConfigError} with every error of every rule and exception
 */
export function deployedRules({
  rules = [],
  disabledRules: disabled = [],
  exceptions = [],
}: RuleChoice = {}): DeployedRules {
  const files = exceptions.flatMap((item) => (typeof item === 'string' ? [exceptionFile(item)] : []));
  const own = exceptions.flatMap((item): RuleException[] =>
    typeof item === 'string' ? [] : [{ ...item, file: 'exceptions' }],
  );
  const loaded = loadRules([builtInRules, ...rules, ...files], own);
  const schema = auditSchema(csrwatchFields);
  if (!loaded.ok) throw new ConfigError(allErrors(loaded, schema).map(printProblem).join('\n'));
  const all = loaded.rules.map(({ definition }) => definition);
  const ids = all.map(({ info }) => info.id);
  const unknown = disabled.find((id) => !ids.includes(id));
  if (unknown)
    throw new ConfigError(`disabledRules: ${unknown} is not a rule; the rules are ${ids.join(', ')}`);
  const definitions = all.filter(({ info }) => !disabled.includes(info.id));
  if (definitions.length === 0)
    throw new ConfigError('disabledRules: every rule is disabled, so nothing would be detected');
  const compiled = compileRules(definitions, schema);
  if (!compiled.ok) throw new ConfigError(compiled.errors.map(printProblem).join('\n'));
  return {
    definitions,
    literals: compiled.ruleSet.literals,
    filter: compiled.ruleSet.filter,
    followingFilter: compiled.ruleSet.followingFilter,
    warnings: [...loaded.warnings, ...compiled.warnings].map(printProblem),
  };
}

function exceptionFile(nameOrPath: string): string {
  const path = exceptionPath(nameOrPath);
  if (path !== nameOrPath || /[./]/.test(nameOrPath)) return path;
  throw new ConfigError(
    `exceptions: ${nameOrPath} is not a predefined exception; they are ${predefinedNames().join(', ')}`,
  );
}
