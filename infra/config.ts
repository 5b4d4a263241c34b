import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { z } from 'zod';
import { canaryName } from '../lambda/canary/canary-event.ts';
import { messageOf } from '../lambda/message-of.ts';
import { ConfigError } from './config/config-error.ts';
import { parsed } from './config/config-errors.ts';
import type { ConfigInput, SourceAccountConfigInput } from './config/config-input.ts';
import { configSchema, sourceAccountSchema } from './config/config-schema.ts';
import { findConfigFile } from './config/find-config-file.ts';
import { type Context, type Flags, readFlags } from './config/flags.ts';
import { stackNamePattern } from './config/stack-name.ts';

export { ConfigError } from './config/config-error.ts';
export type { ConfigInput, SourceAccountConfigInput } from './config/config-input.ts';

/** A deployment, every default filled in. */
export type Config = z.output<typeof configSchema>;
/** A source account's deployment. */
export type SourceAccountConfig = z.output<typeof sourceAccountSchema>;

/** What `cdk deploy` puts into an account: the detector, or what sends another account's logs to it. */
export type Deployment = { readonly stackName: string } & (
  | { readonly kind: 'detector'; readonly config: Config }
  | { readonly kind: 'source-account'; readonly config: SourceAccountConfig }
);

/** Fills defaults in and checks every field. @throws {ConfigError} with all mistakes. */
export function parseConfig(value: unknown, source: string): Config {
  const config = parsed(configSchema, value, source);
  checkUnique(config.logGroups, 'logGroups', source);
  checkUnique(config.buckets, 'buckets', source);
  checkUnique(
    [{ name: 'findings' }, { name: 'alerts' }, { name: 'sms' }, ...config.channels],
    'channels',
    source,
  );
  if (config.canarySchedule !== undefined && config.disabledRules.includes(canaryName)) {
    throw new ConfigError(
      `${source}: disabledRules: the rule ${canaryName} is needed by canarySchedule; remove one of them`,
    );
  }
  if (config.logGroups.length + config.buckets.length > 0 || config.stream) return config;
  throw new ConfigError(
    `${source}: no source is configured: add a log group (logGroups), a bucket (buckets) or a stream (stream)`,
  );
}

/** The same for a source account. */
export function parseSourceAccountConfig(value: unknown, source: string): SourceAccountConfig {
  const config = parsed(sourceAccountSchema, value, source);
  checkUnique(config.logGroups, 'logGroups', source);
  return config;
}

const sourceFlags: ReadonlySet<string> = new Set([
  'cluster',
  'logGroup',
  'bucket',
  'createBucket',
  'destination',
]);

const nothingGiven = `There is no configuration. Specify one of:
  -c cluster=NAME          an EKS cluster: its log group, and a new bucket for the S3 source
  -c logGroup=NAME         another log group
  -c bucket=NAME           an existing bucket
  -c createBucket=true     a new bucket: the S3 source only
  -c config=FILE           a configuration file (default: csrwatch.config.ts, if this folder has one)
or write them into "context" in cdk.json. Use the same configuration for every deployment: CloudFormation
removes what it no longer contains. docs/configuration.md lists all flags and fields.`;

/**
 * The deployment that the context describes: flags, the file of `-c config=FILE`, or `csrwatch.config.ts`.
 * @param folder - where csrwatch.config.ts is looked for
 * @throws {ConfigError} if they are wrong, or if there are none: a default would replace a deployed stack by another
 */
export async function readConfig(context: Context, folder = process.cwd()): Promise<Deployment> {
  const flags = readFlags(context);
  const stackName = flags.text('stackName');
  if (stackName !== undefined && !stackNamePattern.test(stackName)) {
    throw new ConfigError(
      `-c stackName=${stackName}: expected letters, digits and -, beginning with a letter`,
    );
  }
  const file = flags.text('config') ?? findConfigFile(folder, flags.described);
  if (file !== undefined) return deployment(await defaultExportOf(resolve(folder, file)), file, stackName);
  if (!flags.described.some((name) => sourceFlags.has(name))) throw new ConfigError(nothingGiven);
  return deployment(fromFlags(flags), '-c', stackName);
}

function checkUnique(items: readonly { name?: string | undefined }[], field: string, source: string): void {
  const names = items.flatMap(({ name }) => name ?? []);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new ConfigError(`${source}: ${field}: the name ${twice} is used twice`);
}

async function defaultExportOf(file: string): Promise<unknown> {
  try {
    const loaded: { default?: unknown } = await import(pathToFileURL(file).href);
    return loaded.default;
  } catch (error) {
    throw new ConfigError(`${file}: it can't be read: ${messageOf(error)}`);
  }
}

/** A configuration that names a destination is a source account's. */
function deployment(value: unknown, source: string, stackName: string | undefined): Deployment {
  if (Object.hasOwn(Object(value), 'destinationArn')) {
    const config = parseSourceAccountConfig(value, source);
    return {
      kind: 'source-account',
      stackName: stackName ?? config.stackName ?? 'csrwatch-source-account',
      config,
    };
  }
  const config = parseConfig(value, source);
  return { kind: 'detector', stackName: stackName ?? config.stackName ?? 'csrwatch', config };
}

/** `-c cluster=NAME` watches EKS's log group of that cluster and creates a bucket for the S3 source. */
function fromFlags(flags: Flags): ConfigInput | SourceAccountConfigInput {
  const cluster = flags.text('cluster');
  const named = cluster === undefined ? {} : { cluster };
  const logGroup =
    flags.text('logGroup') ?? (cluster === undefined ? undefined : `/aws/eks/${cluster}/cluster`);
  const bucket = flags.text('bucket');
  const destinationArn = flags.text('destination');
  if (destinationArn !== undefined) {
    const operationsTopicArn = flags.text('operationsTopic');
    return {
      destinationArn,
      logGroups: logGroup === undefined ? [] : [{ name: logGroup }],
      ...(operationsTopicArn === undefined ? {} : { operationsTopicArn }),
      emails: flags.list('email'),
    };
  }
  const createsBucket = flags.boolean('createBucket') ?? cluster !== undefined;
  return {
    logGroups:
      logGroup === undefined || flags.boolean('logs') === false ? [] : [{ name: logGroup, ...named }],
    buckets: bucket === undefined ? (createsBucket ? [{ ...named }] : []) : [{ name: bucket, ...named }],
    emails: flags.list('email'),
    sms: flags.list('sms'),
  };
}
