import type { Finding } from '../../lambda/findings/finding.ts';
import type { ScanStats } from './scan-stats.ts';

/** Writes to where findings go; resolves when more may be written. */
export type Print = (text: string) => Promise<void>;

/** One way to print a scan. `finding` is awaited, so a slow reader slows the scan. */
export interface Reporter {
  finding(finding: Finding): Promise<void>;
  end(stats: ScanStats): Promise<void>;
}
