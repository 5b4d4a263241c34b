import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { placeholders } from '../../lambda/response/placeholders.ts';
import { builtInRules } from '../../lambda/rules/built-in.ts';
import { loadRules } from '../../lambda/rules/load-rules.ts';

const page = readFileSync(new URL('../../docs/rules.md', import.meta.url), 'utf8');

describe('the placeholders in the commands of a runbook', () => {
  test('are the ones that docs/rules.md lists', () => {
    const [, table = ''] = /<!-- placeholders -->(.*)<!-- \/placeholders -->/s.exec(page) ?? [];
    const listed = [...table.matchAll(/`([A-Z-]+)`/g)].map(([, word]) => word);
    expect(listed.sort(), 'correct the table of placeholders in docs/rules.md').toEqual(
      [...placeholders].sort(),
    );
  });

  test('are the only words of that form in the built-in rules', () => {
    const loaded = loadRules([builtInRules]);
    const runbooks = (loaded.ok ? loaded.rules : []).map(({ definition }) => definition.info.runbook ?? '');
    const used = runbooks.flatMap((text) => text.match(/\b[A-Z]+-[A-Z]+\b(?!-\d)/g) ?? []);
    expect(used.length).toBeGreaterThan(5);
    expect(used.filter((word) => !placeholders.some((placeholder) => placeholder === word))).toEqual([]);
  });
});
