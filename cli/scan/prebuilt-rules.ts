import { existsSync, readFileSync } from 'node:fs';
import { brotliDecompressSync } from 'node:zlib';
import type { RuleDefinition, RuleSet } from '../../lambda/rules/rule.ts';

/** The built-in rules as the package holds them: read and checked when it was built. */
export interface PrebuiltRules {
  readonly literals: RuleSet['literals'];
  readonly followsCertificates: boolean;
  readonly definitions: readonly RuleDefinition[];
}

export const prebuiltRulesFile = 'built-in-rules.json.br';

/** @returns nothing in a checkout, where the rule files may change */
export function prebuiltRules(folder: string | URL = import.meta.url): PrebuiltRules | undefined {
  const file = new URL(prebuiltRulesFile, folder);
  if (!existsSync(file)) return undefined;
  const rules: PrebuiltRules = JSON.parse(brotliDecompressSync(readFileSync(file)).toString('utf8'));
  return rules;
}
