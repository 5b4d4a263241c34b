import { parseArgs } from 'node:util';
import { messageOf } from '../../lambda/message-of.ts';
import { isCheckout } from '../checkout.ts';
import { checkRules } from './check-rules.ts';
import { explainEvents } from './explain-event.ts';
import { listRules, showRule } from './show-rules.ts';
import { testRules } from './test-rules.ts';

const usage = `Usage: csrwatch rules COMMAND

  check [FILE…]     compile rule files, or folders of them, and print every error with its
                    location (--format json for programs, --strict to treat warnings as
                    errors)
  test [FILE…]      run the examples in rule files
  show ID [FILE…]   explain a rule: its condition, its prefilter literals, and the log events
                    that AWS delivers for it
  explain EVENT [FILE…]
                    explain for each rule which clauses hold for the audit events in a file
                    (- is standard input), which do not, and with which values (--format json
                    for programs)
  list [FILE…]      list the rules and exceptions

Examples:
  npx csrwatch rules list
  npx csrwatch rules show kubernetes-csr-created-or-approved
  npx csrwatch rules check my-rules/

Without a FILE, the command uses the built-in rules; their examples are only in a checkout.
Exit status: 0 on success, 1 if an example fails, 2 for a usage error or a rule that does not
compile, or a file without an audit event.
`;

export async function run(args: readonly string[]): Promise<number> {
  let values: { format?: string | undefined; strict?: boolean | undefined; help?: boolean | undefined };
  let positionals: string[];
  try {
    ({ values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { format: { type: 'string' }, strict: { type: 'boolean' }, help: { type: 'boolean' } },
    }));
  } catch (error) {
    return usageError(messageOf(error).split('. ')[0] ?? '');
  }
  const { format = 'text', strict = false } = values;
  if (format !== 'text' && format !== 'json') return usageError(`--format ${format}: expected text or json`);
  const [command, ...rest] = positionals;
  if (values.help || command === undefined) {
    process.stdout.write(usage);
    return values.help ? 0 : 2;
  }
  if (format === 'json' && command !== 'check' && command !== 'explain')
    return usageError('--format json is an option of check and explain');
  if (strict && command !== 'check') return usageError('--strict is an option of check');
  const say = (text: string) => process.stdout.write(text);
  switch (command) {
    case 'check':
      return checkRules(rest, { format, strict }, say);
    case 'test':
      if (rest.length === 0 && !isCheckout())
        return usageError('test needs a FILE: the package holds the built-in rules without their examples');
      return testRules(rest, say);
    case 'list':
      return listRules(rest, say);
    case 'show': {
      const [id, ...paths] = rest;
      return id === undefined
        ? usageError('show needs the id of a rule; rules list prints them')
        : showRule(id, paths, say);
    }
    case 'explain': {
      const [path = '-', ...paths] = rest;
      const warn = (text: string) => process.stderr.write(text);
      return explainEvents(path, paths, format, { say, warn });
    }
    default:
      return usageError(`unknown command ${command}`);
  }
}

function usageError(message: string): number {
  process.stderr.write(`rules: ${message}\nrules --help shows the usage.\n`);
  return 2;
}
