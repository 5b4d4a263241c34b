import { readFileSync, writeFileSync } from 'node:fs';
import { withFieldTable } from './fields.ts';
import { withPages } from './pages.ts';
import { withRuleTable } from './rule-table.ts';

/** Writes what the pages take from the code. A test fails where a page is behind. */
const kql = new URL('./kql.md', import.meta.url);
writeFileSync(kql, withFieldTable(readFileSync(kql, 'utf8')));

const rules = new URL('./rules.md', import.meta.url);
writeFileSync(rules, withRuleTable(readFileSync(rules, 'utf8')));

const pages = new URL('./pages.md', import.meta.url);
writeFileSync(pages, await withPages(readFileSync(pages, 'utf8')));
