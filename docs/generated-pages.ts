import { situationPages, withSituationList } from './alerts.ts';
import { apiPage } from './api.ts';
import { configInputModule } from './config-input.ts';
import { withConfigurationTables } from './configuration.ts';
import { withCounts } from './counts.ts';
import { withFieldTable } from './fields.ts';
import { withExceptionTable, withRuleTable } from './rule-table.ts';
import { withTamperTable } from './tamper-table.ts';

/** The pages that take something from the code, by their path in the repository, and how each is written. */
export const generatedPages: Readonly<Record<string, (page: string) => string | Promise<string>>> = {
  'README.md': (page) => withCounts(withExceptionTable(page)),
  'CHANGELOG.md': withCounts,
  'docs/kql.md': withFieldTable,
  'docs/rules.md': (page) => withCounts(withRuleTable(page)),
  'docs/signals.md': withCounts,
  'docs/alerts.md': withSituationList,
  ...situationPages,
  'docs/api.md': apiPage,
  'docs/configuration.md': withConfigurationTables,
  'infra/config/config-input.ts': configInputModule,
  'docs/tamper-alerts.md': withTamperTable,
};
