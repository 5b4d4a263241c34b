import { fileURLToPath } from 'node:url';
import type { RuleDefinition } from '../../lambda/rules/rule.ts';

/** The folder of the rules that ship with csrwatch. */
export const builtInRules = fileURLToPath(new URL('../../rules', import.meta.url));

/** The rule that `--query` makes of an ad-hoc condition. */
export function adHocRule(query: string): RuleDefinition {
  return {
    info: { id: 'query', name: 'Query', severity: 'low', riskScore: 21 },
    query,
    exceptions: [],
    file: '--query',
  };
}
