import { readFileSync } from 'node:fs';
import { companionRuleCount } from './rule-table.ts';

/** A row of the table in docs/signals.md: the signal's id, and the severity that it raises a finding to. */
const signalRow = /^\| `([a-z-]+)` \|.*\|(.*)\|$/gm;

/** The signals of docs/signals.md. A test compares the table with the code. */
export function listedSignals(): { readonly id: string; readonly raisesTo: string }[] {
  const page = readFileSync(new URL('signals.md', import.meta.url), 'utf8');
  return [...page.matchAll(signalRow)].map(([, id = '', raisesTo = '']) => ({
    id,
    raisesTo: raisesTo.trim(),
  }));
}

/** The page with today's numbers wherever it counts companion rules or signals. */
export function withCounts(page: string): string {
  const signals = listedSignals();
  const raising = signals.filter(({ raisesTo }) => raisesTo === 'critical');
  return page
    .replace(/\b\d+ companion rules\b/g, `${companionRuleCount()} companion rules`)
    .replace(/\b\d+ signals\b/g, `${signals.length} signals`)
    .replace(/\b\d+ of them raise\b/g, `${raising.length} of them raise`);
}
