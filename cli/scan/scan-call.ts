import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { messageOf } from '../../lambda/message-of.ts';
import { formats } from '../report/create-reporter.ts';
import { sortOrders } from '../report/story-time.ts';
import { filtersOf } from './filter-options.ts';
import type { ScanOptions } from './scan-options.ts';

export type Call =
  | { readonly kind: 'scan'; readonly options: ScanOptions }
  | { readonly kind: 'help' | 'version' }
  | { readonly kind: 'usage-error'; readonly message: string };

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
