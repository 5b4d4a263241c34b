import type { AuditRecord } from '../../lambda/audit/audit-record.ts';
import type { Input, ScanReport } from '../../lambda/scan/input.ts';
import { createCoverageReader } from '../report/coverage.ts';
import { hasStories } from '../report/create-reporter.ts';
import { type ByteRef, byteInput, interrupted, type OpenOptions } from './file-input.ts';
import type { InputRef } from './input-ref.ts';
import { scanBytes } from './scan-bytes.ts';
import { evaluator, type ScanItem } from './scan-item.ts';
import type { ScanOptions } from './scan-options.ts';
import type { ChosenRules } from './scan-rules.ts';

/** What is known of an input after its scan. */
export interface OneReport {
  readonly report: ScanReport;
  /** Minutes since the epoch in which there is an event. */
  readonly minutes: readonly number[];
}

export interface OneOptions {
  readonly signal: AbortSignal;
  /** Called with the number of bytes of each read. */
  readonly onBytes?: ((bytes: number) => void) | undefined;
  /** Awaited, so that a slow reader of the output slows the scan down. */
  readonly onItem: (item: ScanItem) => Promise<void>;
}

/** Whether an output shows stories, which need more than the findings. */
export function needsStories({ format, suggestExceptions, reportPath }: ScanOptions): boolean {
  return (hasStories(format) && !suggestExceptions) || reportPath !== undefined;
}

/** What the rules find in an event; `undefined`, without a promise, if there is nothing to report. */
type Found = (record: AuditRecord) => Promise<ScanItem[]> | undefined;

/**
 * Scans one input after another with the same rules, in this thread.
 * @param open - opens a file or an object
 */
export function createScanner(
  rules: Extract<ChosenRules, { ok: true }>,
  options: ScanOptions,
  open: (ref: ByteRef, options: OpenOptions) => Input = byteInput,
) {
  const { filters, cluster } = options;
  const withStories = needsStories(options);
  let found: Found | undefined;
  // the rules are compiled at the first record that holds a literal
  const foundIn: Found = (record) => {
    if (found) return found(record);
    return createFound(rules, options).then((created) => {
      found = created;
      return found(record) ?? [];
    });
  };
  return async (ref: InputRef, { signal, onBytes, onItem }: OneOptions): Promise<OneReport> => {
    const coverage = createCoverageReader();
    const scanOptions = {
      literals: rules.literals,
      onRecord: (record: AuditRecord) =>
        foundIn(record)?.then(async (items) => {
          for (const item of items) await onItem(item);
        }),
    };
    if (ref.kind === 'log-group') {
      const { scanLogGroup } = await import('./log-group-input.ts');
      const { filter } = (await rules.compiled()).ruleSet;
      const search = { name: ref.name, filters, filter, cluster, signal, onBytes };
      const report = await scanLogGroup(search, scanOptions);
      return { report: signal.aborted ? withFault(report, ref.name) : report, minutes: [] };
    }
    const input = open(ref, { cluster, signal, onBytes });
    const onText = withStories ? coverage.chunk : undefined;
    const report = await scanBytes(input, scanOptions, onText);
    return { report, minutes: [...coverage.minutes] };
  };
}

async function createFound(rules: Extract<ChosenRules, { ok: true }>, options: ScanOptions): Promise<Found> {
  const { ruleSet, markers } = await rules.compiled();
  const { createFollow } = await import('../../lambda/follow/follow.ts');
  const { filters, query } = options;
  const follow = createFollow(ruleSet);
  const evaluate = evaluator(ruleSet, markers, {
    filters,
    timelineOfFindings: needsStories(options) && query !== undefined,
  });
  return (record) => {
    const issued = follow?.issued(record);
    const items = evaluate(record);
    if (!issued) return items;
    return Promise.all([items, issued]).then(([found = [], followed]) =>
      followed ? [...found, { kind: 'issued', followed }] : found,
    );
  };
}

function withFault(report: ScanReport, logGroup: string): ScanReport {
  return {
    ...report,
    fault: { origin: { kind: 'log-stream', logGroup, logStream: '' }, reason: interrupted },
  };
}
