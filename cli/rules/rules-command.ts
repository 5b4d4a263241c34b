import { parseArgs } from 'node:util';
import { endQuietlyOnClosedPipe } from '../output.ts';
import { checkRules } from './check-rules.ts';
import { listRules, showRule } from './show-rules.ts';
import { testRules } from './test-rules.ts';

const usage = `Usage: npm run -s rules -- COMMAND

  check [FILE…]   compiles rule files, or folders of them; every error with its place
                  (--format json for programs, --strict to treat warnings as errors)
  test [FILE…]    runs the examples inside rule files
  show ID [FILE…] the condition, what it needs to hold, and what AWS delivers
  list [FILE…]    one line a rule

Without a FILE it is the rules that ship with csrwatch.
Exit status: 0 all is well, 1 an example fails, 2 a wrong call or a rule that doesn't compile.
`;

endQuietlyOnClosedPipe();
process.exitCode = run(process.argv.slice(2));

function run(args: readonly string[]): number {
  let values: { format?: string | undefined; strict?: boolean | undefined; help?: boolean | undefined };
  let positionals: string[];
  try {
    ({ values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { format: { type: 'string' }, strict: { type: 'boolean' }, help: { type: 'boolean' } },
    }));
  } catch (error) {
    return wrong(error instanceof Error ? (error.message.split('. ')[0] ?? '') : String(error));
  }
  const { format = 'text', strict = false } = values;
  if (format !== 'text' && format !== 'json') return wrong(`--format ${format}: it takes text, json`);
  const [command, ...rest] = positionals;
  if (values.help || command === undefined) {
    process.stdout.write(usage);
    return values.help ? 0 : 2;
  }
  if (format === 'json' && command !== 'check') return wrong('--format json goes with check');
  if (strict && command !== 'check') return wrong('--strict goes with check');
  const say = (text: string) => process.stdout.write(text);
  switch (command) {
    case 'check':
      return checkRules(rest, { format, strict }, say);
    case 'test':
      return testRules(rest, say);
    case 'list':
      return listRules(rest, say);
    case 'show': {
      const [id, ...paths] = rest;
      return id === undefined
        ? wrong('show takes the id of a rule; list shows them')
        : showRule(id, paths, say);
    }
    default:
      return wrong(`${command} is no command`);
  }
}

function wrong(message: string): number {
  process.stderr.write(`rules: ${message}\nrules --help shows what it takes.\n`);
  return 2;
}
