import { packageFile, packageVersion } from '../lambda/rules/package-file.ts';
import { isCheckout } from './checkout.ts';
import { endQuietlyOnClosedPipe } from './output.ts';

interface Command {
  readonly summary: string;
  /** Loads the command when it is called: a scan needs no AWS SDK. */
  readonly load: () => Promise<{ run(args: readonly string[]): number | Promise<number> }>;
}

const commands: Readonly<Record<string, Command>> = {
  scan: {
    summary: 'evaluate the rules, or a query, on audit logs',
    load: () => import('./scan/scan-command.ts'),
  },
  rules: {
    summary: 'list, explain, check and test detection rules',
    load: () => import('./rules/rules-command.ts'),
  },
  local: {
    summary: 'send logs through a local AWS (in a checkout)',
    load: localCommand,
  },
  canary: {
    summary: 'prove that an event becomes an alert in a deployed stack',
    load: () => import('./canary/canary-command.ts'),
  },
  backfill: {
    summary: 'run the detector over objects that a bucket already holds',
    load: () => import('./backfill/backfill-command.ts'),
  },
  follow: {
    summary: 'list and change the certificates whose use raises an alert',
    load: () => import('./follow/follow-command.ts'),
  },
  redrive: {
    summary: 'retry what ended in the dead-letter queues',
    load: () => import('./redrive/redrive-command.ts'),
  },
  template: {
    summary: 'write CloudFormation templates, to deploy without the CDK',
    load: () => import('./template/template-command.ts'),
  },
};

const usage = `Usage: csrwatch COMMAND [options]

${Object.entries(commands)
  .map(([name, { summary }]) => `  ${name.padEnd(9)}  ${summary}`)
  .join('\n')}

csrwatch COMMAND --help shows the options of a command; csrwatch --version shows the version.

Examples:
  npx csrwatch scan audit.log
  npx csrwatch rules list
  npx csrwatch canary --stack csrwatch
`;

/** Runs a command. @returns the exit status */
export async function csrwatch([name, ...args]: readonly string[]): Promise<number> {
  endQuietlyOnClosedPipe();
  changeToUserFolder();
  if (name === '--version') {
    process.stdout.write(`csrwatch ${packageVersion()}\n`);
    return 0;
  }
  if (name === undefined || name === '--help' || name === 'help') {
    process.stdout.write(usage);
    return name === undefined ? 2 : 0;
  }
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (command) return (await command.load()).run(args);
  process.stderr.write(`csrwatch: there is no command ${name}\ncsrwatch --help lists the commands.\n`);
  return 2;
}

async function localCommand() {
  if (isCheckout()) return import('./local/local-command.ts');
  return {
    run() {
      process.stderr.write('csrwatch local works only in a checkout of csrwatch, where it is `npm start`.\n');
      return 2;
    },
  };
}

/**
 * `npm --prefix CHECKOUT run scan -- FILE` changes into the checkout, and npm keeps the user's folder in INIT_CWD. Scripts of
 * other packages that call csrwatch may have changed the folder on purpose.
 */
function changeToUserFolder(): void {
  const { INIT_CWD: folder, npm_package_json: manifest } = process.env;
  const isOwnScript = manifest === packageFile('package.json') && process.cwd() === packageFile('.');
  if (folder !== undefined && isOwnScript) process.chdir(folder);
}
