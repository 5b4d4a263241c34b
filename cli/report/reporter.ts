import type { Coverage } from './coverage.ts';
import type { ReportItem } from './report-item.ts';
import type { ScanStats } from './scan-stats.ts';

/** Writes to standard output; resolves when more may be written. */
export type Print = (text: string) => Promise<void>;

/** Prints the findings of a scan in one format. `item` is awaited, so a slow reader slows the scan down. */
export interface Reporter {
  item(item: ReportItem): Promise<void>;
  end(stats: ScanStats, coverage: Coverage): Promise<void>;
}
