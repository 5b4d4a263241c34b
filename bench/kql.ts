import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { AuditRecord } from '../lambda/audit/audit-record.ts';
import { auditSchema } from '../lambda/audit/fields.ts';
import { csrwatchFields } from '../lambda/findings/csrwatch-fields.ts';
import { builtInRules } from '../lambda/rules/built-in.ts';
import { compileRules } from '../lambda/rules/compile-rules.ts';
import { loadRules } from '../lambda/rules/load-rules.ts';
import type { RuleDefinition } from '../lambda/rules/rule.ts';
import { median } from './median.ts';
import { thirtyRules } from './thirty-rules.ts';

export interface KqlSpeed {
  readonly rules: number;
  /** Median; with the field table, as at a cold start. */
  readonly compileMs: number;
  /** Parsed events evaluated against all rules per second. */
  readonly eventsPerSecond: number;
}

const measuredMs = 1_500;
const repetitions = 5;

/** One rule (the base rule) and thirty, over the parsed events of a recording. */
export function measureKql(): KqlSpeed[] {
  const loaded = loadRules([builtInRules]);
  if (!loaded.ok) throw new Error(loaded.errors.join('\n'));
  const all = loaded.rules.map(({ definition }) => definition);
  const base = all.filter(({ info }) => info.id === 'kubernetes-csr-created-or-approved');
  const records = recorded();
  const sets = [base, [...base, ...thirtyRules(29)]].map((definitions) => ({
    definitions,
    runs: [] as Run[],
  }));
  // alternating, so that other load on the machine affects both alike
  for (let repetition = 0; repetition < repetitions; repetition += 1) {
    for (const { definitions, runs } of sets) runs.push(measure(definitions, records));
  }
  return sets.map(({ definitions, runs }) => ({
    rules: definitions.length,
    compileMs: median(runs.map(({ compileMs }) => compileMs)),
    eventsPerSecond: median(runs.map(({ eventsPerSecond }) => eventsPerSecond)),
  }));
}

interface Run {
  readonly compileMs: number;
  readonly eventsPerSecond: number;
}

function measure(definitions: readonly RuleDefinition[], records: readonly AuditRecord[]): Run {
  const started = processorMs();
  const compiled = compileRules(definitions, auditSchema(csrwatchFields));
  const compileMs = processorMs() - started;
  if (!compiled.ok) throw new Error(compiled.errors.map(({ message }) => message).join('\n'));
  const { ruleSet } = compiled;
  let events = 0;
  let matched = 0;
  const from = processorMs();
  let now = from;
  while (now < from + measuredMs) {
    for (const record of records) matched += ruleSet.match(record).length;
    events += records.length;
    now = processorMs();
  }
  if (matched === 0) throw new Error('no rule matched: nothing was measured');
  return { compileMs, eventsPerSecond: (events / (now - from)) * 1_000 };
}

/** CPU time of this process, which does not include waiting for a core. */
function processorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

function recorded(): AuditRecord[] {
  const path = new URL('../test/fixtures/recordings/selfmanaged.ndjson.gz', import.meta.url);
  const lines = gunzipSync(readFileSync(path)).toString('utf8').trim().split('\n');
  return lines.map((line) => ({
    event: JSON.parse(line),
    format: 'json',
    cluster: null,
    place: { origin: { kind: 'file', path: 'recording' } },
  }));
}
