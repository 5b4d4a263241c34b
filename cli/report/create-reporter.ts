import { csvReporter } from './csv-reporter.ts';
import { jsonReporter } from './json-reporter.ts';
import { markdownReporter } from './markdown-reporter.ts';
import { ndjsonReporter } from './ndjson-reporter.ts';
import type { Paper } from './paper.ts';
import type { PeopleOptions } from './people-reporter.ts';
import type { Print, Reporter } from './reporter.ts';
import { textReporter } from './text-reporter.ts';

export const formats = ['text', 'ndjson', 'json', 'csv', 'markdown'] as const;
export type Format = (typeof formats)[number];

/** Whether the format shows stories, which need also the events without a finding. */
export function hasStories(format: Format): boolean {
  return format === 'text' || format === 'markdown';
}

export function createReporter(format: Format, print: Print, paper: Paper, options: PeopleOptions): Reporter {
  switch (format) {
    case 'text':
      return textReporter(print, paper, options);
    case 'markdown':
      return markdownReporter(print, options);
    case 'ndjson':
      return ndjsonReporter(print);
    case 'json':
      return jsonReporter(print);
    case 'csv':
      return csvReporter(print);
  }
}
