import type { Format } from '../report/create-reporter.ts';
import type { SortOrder } from '../report/story-time.ts';
import type { Filters } from './filters.ts';

/** What `csrwatch scan` is to do. */
export interface ScanOptions {
  readonly format: Format;
  /** A KQL condition that replaces the rules. */
  readonly query: string | undefined;
  /** Rule files, or folders of them, that replace the built-in rules. */
  readonly rulePaths: readonly string[];
  /** Rule ids: no other rule is evaluated. */
  readonly only: readonly string[];
  /** Names of predefined exceptions, or files of exceptions. */
  readonly exceptions: readonly string[];
  /** Overrides the names in the logs. */
  readonly cluster: string | null;
  /** Print exceptions for what is found instead of the findings. */
  readonly suggestExceptions: boolean;
  /** Warnings are errors, and rejected or suspicious records change the exit status. */
  readonly strict: boolean;
  /** Narrow the findings of the rules. */
  readonly filters: Filters;
  readonly sort: SortOrder;
  /** Only the overview is printed. */
  readonly summaryOnly: boolean;
  /** Beside the standard output, a page is written to this file. */
  readonly reportPath: string | undefined;
  /** The arguments, as they were given. */
  readonly args: readonly string[];
  /** Files, folders, patterns, `s3://` addresses; `-` is standard input. */
  readonly files: readonly string[];
  /** A file that lists inputs, one per line; `-` is standard input. */
  readonly filesFrom: string | undefined;
  /** A CloudWatch Logs log group to search. */
  readonly logGroup: string | undefined;
  /** The most inputs that are read at the same time. */
  readonly jobs: number;
}
