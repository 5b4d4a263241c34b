import { jsonReporter } from './json-reporter.ts';
import { ndjsonReporter } from './ndjson-reporter.ts';
import type { Paper } from './paper.ts';
import type { Print, Reporter } from './reporter.ts';
import { textReporter } from './text-reporter.ts';

export const formats = ['text', 'ndjson', 'json'] as const;
export type Format = (typeof formats)[number];

export function createReporter(format: Format, print: Print, paper: Paper): Reporter {
  switch (format) {
    case 'text':
      return textReporter(print, paper);
    case 'ndjson':
      return ndjsonReporter(print);
    case 'json':
      return jsonReporter(print);
  }
}
