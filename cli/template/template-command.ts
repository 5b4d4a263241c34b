import { parseArgs } from 'node:util';
import type * as Templates from '../../infra/write-templates.ts';
import { messageOf } from '../../lambda/message-of.ts';

const usage = `Usage: csrwatch template [-c NAME=VALUE …] [--out FOLDER]

Writes the files that \`aws cloudformation deploy\` and Terraform deploy without the CDK:

  template.json                 the detector
  csrwatch.zip                  the code of its functions, to upload to a bucket
  source-account-template.json  sends the log group of another account to the detector

  -c config=FILE   a configuration file (default: csrwatch.config.ts, if this folder has one)
  -c NAME=VALUE    a flag of \`cdk deploy\`, such as cluster, logGroup, bucket or email
  --out FOLDER     the folder to write to (default: this folder)

The place of the code is a parameter of the template. Without a configuration, the cluster's name
and an e-mail address are parameters as well. With destinationArn in the configuration, the command
writes only the source account's template. The command needs aws-cdk-lib:
npm install csrwatch aws-cdk-lib constructs

Exit status: 0 if the files were written, 2 for a usage error or a mistake in the configuration.

Examples:
  npx csrwatch template
  npx csrwatch template -c config=csrwatch.config.ts --out build
`;

export async function run(args: readonly string[]): Promise<number> {
  const call = readCall(args);
  if (typeof call === 'string') return failed(call);
  if (call.help) {
    process.stdout.write(usage);
    return 0;
  }
  const templates = await loadTemplates();
  if (templates === undefined) {
    return failed('it needs aws-cdk-lib: npm install csrwatch aws-cdk-lib constructs');
  }
  try {
    const { files, warnings } = await templates.writeTemplates(call.context, call.folder);
    for (const warning of warnings) process.stderr.write(`csrwatch template: ${warning}\n`);
    process.stdout.write(`${files.join('\n')}\n`);
    return 0;
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'ConfigError') throw error;
    process.stderr.write(`${error.message}\n`);
    return 2;
  }
}

interface Call {
  readonly context: Readonly<Record<string, string>>;
  readonly folder: string;
  readonly help: boolean;
}

/** @returns what is wrong with the call, if anything is */
function readCall(args: readonly string[]): Call | string {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        context: { type: 'string', short: 'c', multiple: true, default: [] },
        out: { type: 'string', default: '.' },
        help: { type: 'boolean', default: false },
      },
    });
    const malformed = values.context.find((pair) => !/^\w+=/.test(pair));
    if (malformed !== undefined) {
      return `-c ${malformed}: expected NAME=VALUE, such as -c config=csrwatch.config.ts`;
    }
    const context = values.context.map((pair) => pair.split(/=(.*)/s));
    return { context: Object.fromEntries(context), folder: values.out, help: values.help };
  } catch (error) {
    return messageOf(error);
  }
}

/** The CDK is an optional peer dependency: no other command needs it. */
async function loadTemplates(): Promise<typeof Templates | undefined> {
  try {
    return await import('../../infra/write-templates.ts');
  } catch (error) {
    if (/Cannot find (?:package|module) '(?:aws-cdk-lib|constructs)/.test(String(error))) return undefined;
    throw error;
  }
}

function failed(message: string): number {
  process.stderr.write(`csrwatch template: ${message}\ncsrwatch template --help shows the options.\n`);
  return 2;
}
