import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { builtInRules, exceptionPath, readyMadeNames } from '../../lambda/rules/built-in.ts';
import { loadRules } from '../../lambda/rules/load.ts';

const page = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');

test('the README lists the ready-made exceptions with their reasons', () => {
  const loaded = loadRules([builtInRules, ...readyMadeNames().map(exceptionPath)]);
  const exceptions = loaded.ok ? loaded.exceptions.map(({ exception }) => exception) : [];
  const rows = exceptions.map(({ name, reason }) => `| \`${name}\` | ${reason} |`);
  expect(page).toContain(`| exception | |\n| --- | --- |\n${rows.join('\n')}\n\n`);
});
