import type { Finding } from '../../lambda/findings/finding.ts';
import type { ScanStats } from './scan-stats.ts';

/** Writes to standard output; resolves when more may be written. */
export type Print = (text: string) => Promise<void>;

/** Prints the findings of a scan in one format. `finding` is awaited, so a slow reader slows the scan down. */
export interface Reporter {
  finding(finding: Finding): Promise<void>;
  end(stats: ScanStats): Promise<void>;
}
