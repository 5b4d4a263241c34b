import { readFileSync, writeFileSync } from 'node:fs';
import { withPages } from './alerts.ts';
import { withConfigurationTables } from './configuration.ts';
import { withCost } from './cost/page.ts';
import { withFieldTable } from './fields.ts';
import { withRuleTable } from './rule-table.ts';

/** What the pages take from the code. A test fails where a page is behind. */
const pages = {
  'kql.md': withFieldTable,
  'rules.md': withRuleTable,
  'pages.md': withPages,
  'configuration.md': withConfigurationTables,
  'cost.md': withCost,
};
for (const [name, written] of Object.entries(pages)) {
  const page = new URL(name, import.meta.url);
  writeFileSync(page, await written(readFileSync(page, 'utf8')));
}
