import type { RuleDefinition } from '../../lambda/rules/rule.ts';

/** The rule for the condition of `--query`. */
export function adHocRule(query: string): RuleDefinition {
  return {
    info: { id: 'query', name: 'Query', severity: 'low', riskScore: 21 },
    query,
    exceptions: [],
    file: '--query',
  };
}
