import { type Coverage, noCoverage } from '../../../../cli/report/coverage.ts';
import { createPageSink, type PageInfo, type PageLimits } from '../../../../cli/report/page/page-report.ts';
import { renderPage } from '../../../../cli/report/page/render-page.ts';
import { type PeopleOptions, peopleReporter } from '../../../../cli/report/people-reporter.ts';
import type { ReportItem } from '../../../../cli/report/report-item.ts';
import { emptyStats, type ScanStats } from '../../../../cli/report/scan-stats.ts';
import type { Finding } from '../../../../lambda/findings/finding.ts';

export interface PageChanges {
  readonly options?: Partial<PeopleOptions>;
  readonly stats?: Partial<ScanStats>;
  readonly coverage?: Coverage;
  readonly info?: Partial<PageInfo>;
  readonly limits?: PageLimits;
}

export const items = (findings: readonly Finding[]): ReportItem[] =>
  findings.map((finding) => ({ kind: 'finding', finding }));

/** The page of a scan that found these items. */
export async function pageOf(found: readonly ReportItem[], changes: PageChanges = {}): Promise<string> {
  const options: PeopleOptions = {
    sort: 'severity',
    summaryOnly: false,
    timelineOf: undefined,
    onlyCsrStories: false,
    ...changes.options,
  };
  const sink = createPageSink(options, changes.limits);
  const reporter = peopleReporter(options, [sink]);
  for (const item of found) await reporter.item(item);
  await reporter.end({ ...emptyStats(), ...changes.stats }, changes.coverage ?? noCoverage);
  const report = sink.report();
  if (report === undefined) throw new Error('the sink has no report');
  const info: PageInfo = {
    version: '0.1.0',
    madeAtMs: Date.parse('2026-11-27T10:00:00Z'),
    scan: [['Command', 'csrwatch scan audit.log']],
    warnings: [],
    interruption: undefined,
    ...changes.info,
  };
  return [...renderPage(report, info)].join('');
}

/** What the page is without its own style and script. */
export function contentOf(page: string): string {
  return page.replace(/<(style|script)>.*?<\/\1>/gs, '');
}

/** The text of a page, as a browser shows it. */
export function textOf(page: string): string {
  return contentOf(page)
    .replace(/<[^>]*>/g, '')
    .replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)));
}
