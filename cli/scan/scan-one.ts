import type { AuditRecord } from '../../lambda/audit/audit-record.ts';
import { createFollow } from '../../lambda/follow/follow.ts';
import { unpack } from '../../lambda/framing/decompress.ts';
import type { Input, ScanReport } from '../../lambda/scan/input.ts';
import { scan } from '../../lambda/scan/scan-input.ts';
import { type CoverageReader, createCoverageReader } from '../report/coverage.ts';
import { hasStories } from '../report/create-reporter.ts';
import { type ByteRef, byteInput, interrupted, type OpenOptions } from './file-input.ts';
import type { InputRef } from './input-ref.ts';
import { scanLogGroup } from './log-group-input.ts';
import type { ScanOptions } from './options.ts';
import { evaluator, type ScanItem } from './scan-item.ts';
import type { ScanRules } from './scan-rules.ts';

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

/** Whether the output shows stories, which need more than the findings. */
export function needsStories({ format, suggestExceptions }: ScanOptions): boolean {
  return hasStories(format) && !suggestExceptions;
}

/**
 * Scans one input after another with the same rules, in this thread.
 * @param open - opens a file or an object
 */
export function createScanner(
  { ruleSet, markers }: Extract<ScanRules, { ok: true }>,
  options: ScanOptions,
  open: (ref: ByteRef, options: OpenOptions) => Input = byteInput,
) {
  const { filters, cluster, query } = options;
  const withStories = needsStories(options);
  const follow = createFollow(ruleSet);
  const evaluate = evaluator(ruleSet, markers, {
    filters,
    timelineOfFindings: withStories && query !== undefined,
  });
  return async (ref: InputRef, { signal, onBytes, onItem }: OneOptions): Promise<OneReport> => {
    const coverage = createCoverageReader();
    const scanOptions = {
      literals: ruleSet.literals,
      onRecord: (record: AuditRecord) => {
        const issued = follow?.issued(record);
        const items = evaluate(record);
        if (!issued && !items) return undefined;
        return Promise.all([items, issued]).then(async ([found = [], followed]) => {
          for (const item of found) await onItem(item);
          if (followed) await onItem({ kind: 'issued', followed });
        });
      },
    };
    if (ref.kind === 'log-group') {
      const search = { name: ref.name, filters, filter: ruleSet.filter, cluster, signal, onBytes };
      const report = await scanLogGroup(search, scanOptions);
      return { report: signal.aborted ? withFault(report, ref.name) : report, minutes: [] };
    }
    const input = open(ref, { cluster, signal, onBytes });
    const report = await scan(withStories ? withCoverage(input, coverage) : input, scanOptions);
    return { report, minutes: [...coverage.minutes] };
  };
}

function withFault(report: ScanReport, logGroup: string): ScanReport {
  return {
    ...report,
    fault: { origin: { kind: 'log-stream', logGroup, logStream: '' }, reason: interrupted },
  };
}

/** Decompresses the input here, so that the times of all its text can be read. */
function withCoverage(input: Input, coverage: CoverageReader): Input {
  return {
    ...input,
    isText: true,
    async *open() {
      for await (const chunk of unpack(await input.open(), async () => {})) {
        coverage.chunk(chunk);
        yield chunk;
      }
    },
  };
}
