import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { builtInRules, exceptionPath, readyMadeNames } from '../../lambda/rules/built-in.ts';
import { loadRules } from '../../lambda/rules/load-rules.ts';

const page = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');

/** As prose writes small numbers. */
const words: Readonly<Record<number, string>> = {
  11: 'eleven',
  12: 'twelve',
  13: 'thirteen',
  16: 'sixteen',
  17: 'seventeen',
  18: 'eighteen',
  19: 'nineteen',
  20: 'twenty',
  21: 'twenty-one',
  22: 'twenty-two',
};
const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8').toLowerCase();

test('README and CHANGELOG count the companion rules that ship', () => {
  const loaded = loadRules([builtInRules]);
  const ids = (loaded.ok ? loaded.rules : []).map(({ definition }) => definition.info.id);
  const companions = ids.filter(
    (id) => !['kubernetes-csr-created-or-approved', 'csrwatch-canary'].includes(id),
  );
  expect(read('README.md')).toContain(`beside it stand ${words[companions.length]} rules`);
  expect(read('CHANGELOG.md')).toContain(`${words[companions.length]} companion rules`);
});

test('README and CHANGELOG count the signals of docs/signals.md', () => {
  const signals = [...read('docs/signals.md').matchAll(/^\| `[a-z-]+` \|.*\|(.*)\|$/gm)];
  const raising = signals.filter(([, raises]) => raises?.trim() === 'critical');
  expect(raising).toHaveLength(3);
  expect(read('README.md')).toContain(`and ${words[signals.length - raising.length]} more, which`);
  expect(read('CHANGELOG.md')).toContain(
    `${words[signals.length]} signals name what makes it worse; three of them raise it`,
  );
});

test('the README lists the ready-made exceptions with their reasons', () => {
  const loaded = loadRules([builtInRules, ...readyMadeNames().map(exceptionPath)]);
  const exceptions = loaded.ok ? loaded.exceptions.map(({ exception }) => exception) : [];
  const rows = exceptions.map(({ name, reason }) => `| \`${name}\` | ${reason} |`);
  expect(page).toContain(`| exception | |\n| --- | --- |\n${rows.join('\n')}\n\n`);
});
