import { parseArgs } from 'node:util';
import { messageOf } from '../../lambda/message-of.ts';
import { type Format, formats } from '../report/create-reporter.ts';

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
  /** `-` is standard input. */
  readonly files: readonly string[];
}

export type Call =
  | { readonly kind: 'scan'; readonly options: ScanOptions }
  | { readonly kind: 'help' | 'version' }
  | { readonly kind: 'usage-error'; readonly message: string };

export const usage = `Usage: npm run -s scan -- [options] [FILE…]

Reads Kubernetes audit logs of any format, compressed or not, and evaluates the detection
rules on every event. Without a FILE, or with -, it reads standard input.

  --format text|ndjson|json  text for people (default), one finding per line, or one document
  --query KQL                evaluate this condition instead of the rules
  --rule PATH                use this rule file, or folder of rule files, instead of the
                             built-in rules; may be repeated
  --only ID                  evaluate only this rule; may be repeated
  --except NAME              apply a ready-made exception (see rules list) or a file of
                             exceptions; may be repeated
  --suggest-exceptions       print exceptions, in KQL, for the activity that is found instead of
                             the findings; never one for a critical finding
  --cluster NAME             use this cluster name, whatever the logs contain
  --strict                   treat warnings as errors, and exit with 2 if a record was rejected
                             or is suspicious, or an input contains no audit event
  --help, --version

Exit status: 0 without findings, 1 with findings, 2 for a usage error, a rule that does not
compile, or an input that could not be read to its end.
`;

/** @param args - the arguments after the command's name */
export function parseCall(args: readonly string[]): Call {
  let parsed: ReturnType<typeof parse>;
  try {
    parsed = parse(args);
  } catch (error) {
    // the first sentence names the option; the advice about `--` that follows does not help here
    return { kind: 'usage-error', message: messageOf(error).split('. ')[0] ?? '' };
  }
  const { values, positionals } = parsed;
  if (values.help) return { kind: 'help' };
  if (values.version) return { kind: 'version' };
  const format = formats.find((known) => known === values.format);
  if (format === undefined) {
    return { kind: 'usage-error', message: `--format ${values.format}: expected ${formats.join(', ')}` };
  }
  const rulesNamed = values.rule.length + values.only.length + values.except.length > 0;
  if (values.query !== undefined && rulesNamed) {
    return {
      kind: 'usage-error',
      message: '--query replaces the rules: it cannot be combined with --rule, --only or --except',
    };
  }
  if (values['suggest-exceptions'] && (values.query !== undefined || format !== 'text')) {
    return {
      kind: 'usage-error',
      message: '--suggest-exceptions cannot be combined with --query or --format',
    };
  }
  return {
    kind: 'scan',
    options: {
      format,
      query: values.query,
      rulePaths: values.rule,
      only: values.only,
      exceptions: values.except,
      cluster: values.cluster ?? null,
      suggestExceptions: values['suggest-exceptions'],
      strict: values.strict,
      files: positionals.length > 0 ? positionals : ['-'],
    },
  };
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
      'suggest-exceptions': { type: 'boolean', default: false },
      strict: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
      version: { type: 'boolean', default: false },
    },
  });
}
