import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { severities } from '../../lambda/findings/finding.ts';
import { messageOf } from '../../lambda/message-of.ts';
import { readFingerprint } from '../fingerprint.ts';
import { type Format, formats } from '../report/create-reporter.ts';
import { type SortOrder, sortOrders } from '../report/story-time.ts';
import type { Filters } from './filters.ts';
import { timeOption } from './time-option.ts';

export interface ScanOptions {
  readonly format: Format;
  /** A KQL condition that replaces the rules. */
  readonly query: string | undefined;
  /** Rule files, or folders of them, that replace the built-in rules. */
  readonly rulePaths: readonly string[];
  /** Rule ids: no other rule is evaluated. */
  readonly only: readonly string[];
  /** Names of ready-made exceptions, or files of exceptions. */
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

export type Call =
  | { readonly kind: 'scan'; readonly options: ScanOptions }
  | { readonly kind: 'help' | 'version' }
  | { readonly kind: 'usage-error'; readonly message: string };

export const usage = `Usage: csrwatch scan [options] [INPUT…]

Reads Kubernetes audit logs of any format, compressed or not, and evaluates the detection
rules on every event. An INPUT is a file, a tar archive of files, a folder (read recursively),
a quoted pattern such as 'logs/**/*.gz', or s3://BUCKET/PREFIX. Without an INPUT, or with -,
it reads standard input.

  --files-from FILE          read the inputs that FILE lists, one per line; - is standard input
  --log-group NAME           search a log group of CloudWatch Logs; needs --since
  --jobs N                   read up to N inputs at the same time
  --cluster NAME             use this cluster name, whatever the logs contain

Which rules:
  --query KQL                evaluate this condition instead of the rules
  --rule PATH                use this rule file, or folder of rule files, instead of the
                             built-in rules; may be repeated
  --only ID                  evaluate only this rule; may be repeated
  --except NAME              apply a ready-made exception (see rules list) or a file of
                             exceptions; may be repeated
  --suggest-exceptions       print exceptions, in KQL, for the activity that is found instead of
                             the findings; never one for a critical finding

Which of their findings:
  --since TIME, --until TIME a date (UTC), a time with its zone, or an age: 2h, 7d
  --min-severity SEVERITY    low, medium, high or critical
  --actor NAME               of this user name or IAM identity; as text, also a timeline of
                             everything the actor did
  --csr NAME                 on the CSR of this name or uid
  --certificate SHA256       on the certificate with this fingerprint; as text, also a
                             timeline of the requests made with it

Output:
  --format FORMAT            text (default), markdown for a ticket, ndjson (one finding per
                             line), json (one document) or csv
  --sort severity|time       the order of the stories, as text and markdown
  --summary                  print only the overview, as text or markdown
  --report FILE.html         also write a page: overview, drawn timeline, stories, filters
  --strict                   treat warnings as errors, and exit with 2 if a record was rejected
                             or is suspicious, or an input contains no audit event
  --help, --version

Examples:
  npx csrwatch scan audit.log
  npx csrwatch scan --format ndjson 'logs/**/*.gz' | head
  npx csrwatch scan --query 'user.name:"alice" and event.outcome:failure' audit.log
  find logs -type f -mtime -7 | npx csrwatch scan --files-from -

Exit status: 0 without findings, 1 with findings, 2 for a usage error, a rule that does not
compile, or an input that could not be read to its end. npx prints nothing and exits with 249 if
the arguments take more than 128 KB: name a folder, quote the pattern, or use --files-from.
`;

/** A worker thread takes 25 MB or more. */
const maxDefaultJobs = 3;

/** On two cores, two threads read four files in two thirds of the time of one. Objects wait for the network instead. */
function defaultJobs(inputs: readonly string[]): number {
  const waits = inputs.some((input) => input.startsWith('s3://'));
  return waits ? maxDefaultJobs : Math.min(maxDefaultJobs, availableParallelism());
}

/** @param args - the arguments after the command's name */
export function parseCall(args: readonly string[], nowMs: number = Date.now()): Call {
  let parsed: ReturnType<typeof parse>;
  try {
    parsed = parse(args);
  } catch (error) {
    // the first sentence names the option; the advice about `--` that follows does not help here
    return { kind: 'usage-error', message: messageOf(error).split('. ')[0] ?? '' };
  }
  const { values } = parsed;
  if (values.help) return { kind: 'help' };
  if (values.version) return { kind: 'version' };
  const made = optionsOf(parsed, args, nowMs);
  return typeof made === 'string' ? { kind: 'usage-error', message: made } : { kind: 'scan', options: made };
}

/** @returns the message of a usage error if it is a text */
function optionsOf(
  { values, positionals }: ReturnType<typeof parse>,
  args: readonly string[],
  nowMs: number,
): ScanOptions | string {
  const format = formats.find((known) => known === values.format);
  if (format === undefined) return `--format ${values.format}: expected ${formats.join(', ')}`;
  const sort = sortOrders.find((known) => known === values.sort);
  if (sort === undefined) return `--sort ${values.sort}: expected ${sortOrders.join(' or ')}`;
  const isForPeople = format === 'text' || format === 'markdown';
  if (!isForPeople && (values.summary || values.sort !== sortOrders[0])) {
    const flag = values.summary ? '--summary' : '--sort time';
    return `${flag} is for --format text and markdown: ${format} has one finding after another, in the order of the log`;
  }
  const jobs = values.jobs === undefined ? defaultJobs(positionals) : Number(values.jobs);
  if (values.jobs !== undefined && !/^[1-9]\d{0,2}$/.test(values.jobs))
    return `--jobs ${values.jobs}: expected a number from 1 to 999`;
  const rulesNamed = values.rule.length + values.only.length + values.except.length > 0;
  if (values.query !== undefined && rulesNamed) {
    return '--query replaces the rules: it cannot be combined with --rule, --only or --except';
  }
  if (values['suggest-exceptions'] && (values.query !== undefined || format !== 'text')) {
    return '--suggest-exceptions cannot be combined with --query or --format';
  }
  const { report } = values;
  if (report !== undefined && !/\.html?$/i.test(report)) {
    return `--report ${report}: expected a file name that ends in .html`;
  }
  if (values['suggest-exceptions'] && report !== undefined) {
    return '--suggest-exceptions cannot be combined with --report';
  }
  const filters = filtersOf(values, nowMs);
  if (typeof filters === 'string') return filters;
  const inputs = inputProblem(values, positionals);
  if (inputs !== undefined) return inputs;
  const hasOther = values['files-from'] !== undefined || values['log-group'] !== undefined;
  return {
    format,
    query: values.query,
    rulePaths: values.rule,
    only: values.only,
    exceptions: values.except,
    cluster: values.cluster ?? null,
    suggestExceptions: values['suggest-exceptions'],
    strict: values.strict,
    filters,
    sort,
    summaryOnly: values.summary,
    reportPath: report,
    args,
    files: positionals.length > 0 || hasOther ? positionals : ['-'],
    filesFrom: values['files-from'],
    logGroup: values['log-group'],
    jobs,
  };
}

type Values = ReturnType<typeof parse>['values'];

function filtersOf(values: Values, nowMs: number): Filters | string {
  const times: (number | undefined)[] = [];
  for (const flag of ['since', 'until'] as const) {
    const text = values[flag];
    const timeMs = text === undefined ? undefined : timeOption(text, nowMs);
    if (text !== undefined && timeMs === undefined) {
      return `--${flag} ${text}: expected a date such as 2026-01-31, a time such as 2026-01-31T08:00:00Z, or an age such as 2h or 7d`;
    }
    times.push(timeMs);
  }
  const [sinceMs, untilMs] = times;
  if (sinceMs !== undefined && untilMs !== undefined && sinceMs >= untilMs) {
    return `--since ${values.since} is not before --until ${values.until}: no event can match`;
  }
  const minSeverity = severities.find((known) => known === values['min-severity']);
  if (values['min-severity'] !== undefined && minSeverity === undefined) {
    return `--min-severity ${values['min-severity']}: expected ${severities.join(', ')}`;
  }
  const { actor, csr } = values;
  if (actor === '') return '--actor: the name is empty';
  if (csr === '') return '--csr: the name is empty';
  const read = values.certificate === undefined ? undefined : readFingerprint(values.certificate);
  if (read?.ok === false) return `--certificate ${values.certificate}: ${read.problem}`;
  return { sinceMs, untilMs, minSeverity, actor, csr, certificate: read?.fingerprint };
}

function inputProblem(values: Values, positionals: readonly string[]): string | undefined {
  if (values['files-from'] === '-' && positionals.includes('-')) {
    return '--files-from - reads the list from standard input, so - cannot be an input too';
  }
  if (values['log-group'] !== undefined && values.since === undefined) {
    return '--log-group needs --since, such as --since 7d: AWS charges for what it searches';
  }
  return undefined;
}

function parse(args: readonly string[]) {
  return parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      format: { type: 'string', default: 'text' },
      query: { type: 'string' },
      rule: { type: 'string', multiple: true, default: [] },
      only: { type: 'string', multiple: true, default: [] },
      except: { type: 'string', multiple: true, default: [] },
      cluster: { type: 'string' },
      since: { type: 'string' },
      until: { type: 'string' },
      'min-severity': { type: 'string' },
      actor: { type: 'string' },
      csr: { type: 'string' },
      certificate: { type: 'string' },
      sort: { type: 'string', default: sortOrders[0] },
      summary: { type: 'boolean', default: false },
      report: { type: 'string' },
      'files-from': { type: 'string' },
      'log-group': { type: 'string' },
      jobs: { type: 'string' },
      'suggest-exceptions': { type: 'boolean', default: false },
      strict: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
      version: { type: 'boolean', default: false },
    },
  });
}
