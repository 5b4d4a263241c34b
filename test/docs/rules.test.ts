import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { withRuleTable } from '../../docs/rule-table.ts';

test('docs/rules.md lists the rules that ship, as `npm run docs` writes them', () => {
  const page = readFileSync(new URL('../../docs/rules.md', import.meta.url), 'utf8');
  expect(withRuleTable(page)).toBe(page);
  expect(page).toContain(
    '| [kubernetes-csr-certificate-issued](../rules/kubernetes-csr-certificate-issued.toml) | high, 73 |',
  );
});
