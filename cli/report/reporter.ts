import type { Finding } from '../../lambda/findings/finding.ts';
import type { ScanOptions } from '../scan/options.ts';
import type { ScanStats } from '../scan/stats.ts';
import { jsonReporter } from './json-reporter.ts';
import { ndjsonReporter } from './ndjson-reporter.ts';
import type { Paper } from './paper.ts';
import { textReporter } from './text-reporter.ts';

/** Writes to where findings go; resolves when more may be written. */
export type Print = (text: string) => Promise<void>;

/** One way to print a scan. `finding` is awaited, so a slow reader slows the scan. */
export interface Reporter {
  finding(finding: Finding): Promise<void>;
  end(stats: ScanStats): Promise<void>;
}

export function createReporter(format: ScanOptions['format'], print: Print, paper: Paper): Reporter {
  switch (format) {
    case 'text':
      return textReporter(print, paper);
    case 'ndjson':
      return ndjsonReporter(print);
    case 'json':
      return jsonReporter(print);
  }
}
