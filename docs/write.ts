import { readFileSync, writeFileSync } from 'node:fs';
import { withFieldTable } from './fields.ts';

/** Writes what the pages take from the code. A test fails where a page is behind. */
const kql = new URL('./kql.md', import.meta.url);
writeFileSync(kql, withFieldTable(readFileSync(kql, 'utf8')));
