import type { Fact } from '../../lambda/findings/finding-facts.ts';
import { packageVersion } from '../../lambda/rules/package-file.ts';
import { utcText } from '../../lambda/text/time-text.ts';
import { visible } from '../../lambda/text/visible-text.ts';
import { counted, sizeText } from '../amounts.ts';
import type { PeopleSink } from '../report/people-reporter.ts';
import type { ScanStats } from '../report/scan-stats.ts';
import { peopleOptions } from './people-options.ts';
import type { ScanOptions } from './scan-options.ts';

/** The page of `--report`. */
type ScanPage =
  | {
      readonly kind: 'page';
      readonly sink: PeopleSink;
      /**
       * Writes the page of what the sink received.
       * @param interruption - how far an interrupted scan came
       * @returns why it could not be written, if it could not
       */
      write(interruption: string | undefined): Promise<string | undefined>;
    }
  | { readonly kind: 'unwritable'; readonly reason: string };

/** @param warnings - about the rules */
export async function openPage(
  options: ScanOptions,
  warnings: readonly string[],
  now: () => number = Date.now,
): Promise<ScanPage | undefined> {
  const { reportPath } = options;
  if (reportPath === undefined) return undefined;
  // loaded lazily: most scans write no page
  const { openReportFile } = await import('../report/page/report-file.ts');
  const { createPageSink } = await import('../report/page/page-report.ts');
  const { renderPage } = await import('../report/page/render-page.ts');
  const opened = openReportFile(reportPath);
  const problem = (reason: string) => `--report ${visible(reportPath, 1_000)}: ${reason}`;
  if (!opened.ok) return { kind: 'unwritable', reason: problem(opened.reason) };
  const { report, ...sink } = createPageSink(peopleOptions(options));
  return {
    kind: 'page',
    sink,
    async write(interruption) {
      const content = report();
      if (content === undefined) throw new Error('the page is written before the end of the scan');
      const madeAtMs = now();
      const scan = [...scanFacts(options), ...statsFacts(content.stats)];
      const info = { version: packageVersion(), madeAtMs, scan, warnings, interruption };
      const failure = await opened.file.write(renderPage(content, info));
      return failure === undefined ? undefined : problem(failure);
    },
  };
}

/** How the scan was called, with its times as they were understood. */
function scanFacts({ args, filters }: ScanOptions): Fact[] {
  const { sinceMs, untilMs, minSeverity, actor, csr, certificate } = filters;
  const bounds = [
    ...(sinceMs === undefined ? [] : [`from ${utcText(sinceMs)}`]),
    ...(untilMs === undefined ? [] : [`before ${utcText(untilMs)}`]),
  ];
  const narrowed = [
    ...(minSeverity === undefined ? [] : [`at least ${minSeverity}`]),
    ...(actor === undefined ? [] : [`of the actor ${visible(actor)}`]),
    ...(csr === undefined ? [] : [`on the CSR ${visible(csr)}`]),
    ...(certificate === undefined ? [] : [`on the certificate ${certificate}`]),
  ];
  return [
    ['Command', visible(['csrwatch', 'scan', ...args].map(shellWord).join(' '), 10_000)],
    ['Window', bounds.join(', ') || 'all times'],
    ['Filters', narrowed.join(', ') || 'none'],
  ];
}

function statsFacts({ bytes, events, notAudit, rejected }: ScanStats): Fact[] {
  const other = notAudit === 0 ? '' : `, ${counted(notAudit, 'other record')}`;
  return [
    [
      'Read',
      `${sizeText(bytes)}: ${counted(events, 'audit event')} evaluated${other}, ${counted(rejected, 'record')} rejected`,
    ],
  ];
}

function shellWord(argument: string): string {
  return /^[\w@%+=:,./-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", "'\\''")}'`;
}
