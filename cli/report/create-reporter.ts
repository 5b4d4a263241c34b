import type { Paper } from './paper.ts';
import type { PeopleOptions, PeopleSink } from './people-reporter.ts';
import type { Print, Reporter } from './reporter.ts';

export const formats = ['text', 'ndjson', 'json', 'csv', 'markdown'] as const;
export type Format = (typeof formats)[number];

/** Whether the format shows stories, which need also the events without a finding. */
export function hasStories(format: Format): boolean {
  return format === 'text' || format === 'markdown';
}

/**
 * Loads the format that is used.
 * @param page - shows the same as a page, whatever the format of standard output
 */
export async function createReporter(
  format: Format,
  print: Print,
  paper: Paper,
  options: PeopleOptions,
  page?: PeopleSink,
): Promise<Reporter> {
  const forPeople = async (sinks: readonly PeopleSink[]) =>
    (await import('./people-reporter.ts')).peopleReporter(options, sinks);
  const pages = page === undefined ? [] : [page];
  const besidePage = async (reporter: Reporter) =>
    page === undefined ? reporter : both(reporter, await forPeople(pages));
  switch (format) {
    case 'text':
      return forPeople([(await import('./text-sink.ts')).textSink(print, paper, options), ...pages]);
    case 'markdown':
      return forPeople([(await import('./markdown-sink.ts')).markdownSink(print, options), ...pages]);
    case 'ndjson':
      return besidePage((await import('./ndjson-reporter.ts')).ndjsonReporter(print));
    case 'json':
      return besidePage((await import('./json-reporter.ts')).jsonReporter(print));
    case 'csv':
      return besidePage((await import('./csv-reporter.ts')).csvReporter(print));
  }
}

function both(first: Reporter, second: Reporter): Reporter {
  return {
    async item(item) {
      await first.item(item);
      await second.item(item);
    },
    async end(stats, coverage) {
      await first.end(stats, coverage);
      await second.end(stats, coverage);
    },
  };
}
