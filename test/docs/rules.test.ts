import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { withRuleTable } from '../../docs/rule-table.ts';
import { placeholders } from '../../lambda/alerts/response/placeholders.ts';
import { builtInRules } from '../../lambda/rules/built-in.ts';
import { loadRules } from '../../lambda/rules/load-rules.ts';

const page = readFileSync(new URL('../../docs/rules.md', import.meta.url), 'utf8');

test('docs/rules.md lists the rules that ship, as `npm run docs` writes them', () => {
  expect(withRuleTable(page)).toBe(page);
  expect(page).toContain(
    '| [kubernetes-csr-certificate-issued](../rules/kubernetes-csr-certificate-issued.toml) | high, 73 |',
  );
});

describe('the words that stand in a command for what a finding says', () => {
  test('are listed in docs/rules.md, each of them', () => {
    const [, table = ''] = /<!-- placeholders -->(.*)<!-- \/placeholders -->/s.exec(page) ?? [];
    const listed = [...table.matchAll(/`([A-Z-]+)`/g)].map(([, word]) => word);
    expect(listed.sort()).toEqual([...placeholders].sort());
  });

  test('are the only such words in the runbooks of the rules that ship', () => {
    const loaded = loadRules([builtInRules]);
    const runbooks = (loaded.ok ? loaded.rules : []).map(({ definition }) => definition.info.runbook ?? '');
    const used = runbooks.flatMap((text) => text.match(/\b[A-Z]+-[A-Z]+\b(?!-\d)/g) ?? []);
    expect(used.length).toBeGreaterThan(5);
    for (const word of used) expect(placeholders).toContain(word);
  });
});
