import type { Paper } from './paper.ts';
import type { PeopleOptions } from './people-reporter.ts';
import type { Print, Reporter } from './reporter.ts';

export const formats = ['text', 'ndjson', 'json', 'csv', 'markdown'] as const;
export type Format = (typeof formats)[number];

/** Whether the format shows stories, which need also the events without a finding. */
export function hasStories(format: Format): boolean {
  return format === 'text' || format === 'markdown';
}

/** Loads the format that is used. */
export async function createReporter(
  format: Format,
  print: Print,
  paper: Paper,
  options: PeopleOptions,
): Promise<Reporter> {
  switch (format) {
    case 'text':
      return (await import('./text-reporter.ts')).textReporter(print, paper, options);
    case 'markdown':
      return (await import('./markdown-reporter.ts')).markdownReporter(print, options);
    case 'ndjson':
      return (await import('./ndjson-reporter.ts')).ndjsonReporter(print);
    case 'json':
      return (await import('./json-reporter.ts')).jsonReporter(print);
    case 'csv':
      return (await import('./csv-reporter.ts')).csvReporter(print);
  }
}
