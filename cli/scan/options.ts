import { parseArgs } from 'node:util';
import { type Format, formats } from '../report/create-reporter.ts';

export interface ScanOptions {
  readonly format: Format;
  /** KQL, instead of rules. */
  readonly query: string | undefined;
  /** Rule files or folders of them, instead of the built-in rules. */
  readonly rulePaths: readonly string[];
  /** Rule ids: no other rule is evaluated. */
  readonly only: readonly string[];
  /** Names of ready-made exceptions, or files of exceptions. */
  readonly exceptions: readonly string[];
  /** Overrides whatever the logs say. */
  readonly cluster: string | null;
  /** Warnings are errors, and rejected records change the exit status. */
  readonly strict: boolean;
  /** `-` is standard input. */
  readonly files: readonly string[];
}

export type Call =
  | { readonly kind: 'scan'; readonly options: ScanOptions }
  | { readonly kind: 'help' | 'version' }
  | { readonly kind: 'wrong'; readonly message: string };

export const usage = `Usage: npm run -s scan -- [options] [FILE…]

Reads Kubernetes audit logs of any format, packed or not, and evaluates the detection
rules on every event. Without a FILE, or with -, it reads standard input.

  --format text|ndjson|json  for people (default), a finding a line, or one document
  --query KQL                this condition instead of the rules
  --rule PATH                a rule file or a folder of them, instead of the built-in rules;
                             may be repeated
  --only ID                  this rule alone; may be repeated
  --except NAME              leaves out what a ready-made exception, or a file of exceptions,
                             is for (rules list shows them); may be repeated
  --cluster NAME             the cluster that wrote the logs, whatever they say
  --strict                   treats warnings as errors, and exits with 2 if a record was rejected
  --help, --version

Exit status: 0 nothing found, 1 findings, 2 a wrong call, a rule that doesn't compile, or
an input that could not be read to its end.
`;

/** @param args - what follows the command's name. */
export function parseCall(args: readonly string[]): Call {
  let parsed: ReturnType<typeof parse>;
  try {
    parsed = parse(args);
  } catch (error) {
    // parseArgs says which flag; its advice on `--` doesn't help here
    const message = error instanceof Error ? error.message.split('. ')[0] : undefined;
    return { kind: 'wrong', message: message ?? String(error) };
  }
  const { values, positionals } = parsed;
  if (values.help) return { kind: 'help' };
  if (values.version) return { kind: 'version' };
  const format = formats.find((known) => known === values.format);
  if (format === undefined) {
    return { kind: 'wrong', message: `--format ${values.format}: it takes ${formats.join(', ')}` };
  }
  const rulesNamed = values.rule.length + values.only.length + values.except.length > 0;
  if (values.query !== undefined && rulesNamed) {
    return {
      kind: 'wrong',
      message: '--query stands instead of the rules: leave --rule, --only and --except out',
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
      strict: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
      version: { type: 'boolean', default: false },
    },
  });
}
