import { pathToFileURL } from 'node:url';
import type { z } from 'zod';
import { canaryName } from '../lambda/canary/canary-event.ts';
import { ConfigError } from './config/config-error.ts';
import { parsed } from './config/config-errors.ts';
import { configSchema, sourceAccountSchema } from './config/config-schema.ts';
import { type Context, type Flags, readFlags } from './config/flags.ts';

export { ConfigError } from './config/config-error.ts';

/** A deployment, every default filled in. */
export type Config = z.output<typeof configSchema>;
/** What csrwatch.config.ts exports as its default. */
export type ConfigInput = z.input<typeof configSchema>;
/** A source account's deployment. */
export type SourceAccountConfig = z.output<typeof sourceAccountSchema>;
/** What csrwatch.config.ts of a source account exports as its default. */
export type SourceAccountConfigInput = z.input<typeof sourceAccountSchema>;

/** What `cdk deploy` puts into an account: the detector, or what sends another account's logs to it. */
export type Deployment =
  | { readonly kind: 'detector'; readonly config: Config }
  | { readonly kind: 'source-account'; readonly config: SourceAccountConfig };

/** Fills defaults in and checks every field. @throws {ConfigError} with all mistakes. */
export function parseConfig(value: unknown, source: string): Config {
  const config = parsed(configSchema, value, source);
  named(config.logGroups, 'logGroups', source);
  named(config.buckets, 'buckets', source);
  named([{ name: 'findings' }, { name: 'alerts' }, ...config.channels], 'channels', source);
  if (config.canarySchedule !== undefined && config.disabledRules.includes(canaryName)) {
    throw new ConfigError(
      `${source}: disabledRules: ${canaryName} finds what canarySchedule sends; leave out one of them`,
    );
  }
  if (config.logGroups.length + config.buckets.length > 0 || config.stream) return config;
  throw new ConfigError(
    `${source}: nothing is watched. Name a cluster, a log group or a bucket: -c cluster=NAME`,
  );
}

/** The same for a source account. */
export function parseSourceAccountConfig(value: unknown, source: string): SourceAccountConfig {
  const config = parsed(sourceAccountSchema, value, source);
  named(config.logGroups, 'logGroups', source);
  return config;
}

/** The deployment that context flags, or the file of `-c config=FILE`, describe. */
export async function readConfig(context: Context): Promise<Deployment> {
  const flags = readFlags(context);
  const file = flags.text('config');
  if (file === undefined) return deployment(fromFlags(flags), '-c');
  return deployment(await defaultExportOf(file), file);
}

/** Each name once. */
function named(items: readonly { name?: string | undefined }[], field: string, source: string): void {
  const names = items.flatMap(({ name }) => name ?? []);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new ConfigError(`${source}: ${field}: ${twice} stands there twice`);
}

async function defaultExportOf(file: string): Promise<unknown> {
  try {
    const loaded: { default?: unknown } = await import(pathToFileURL(file).href);
    return loaded.default;
  } catch (error) {
    throw new ConfigError(`${file}: it can't be read: ${error instanceof Error ? error.message : error}`);
  }
}

/** A file that names a destination is a source account's. */
function deployment(value: unknown, source: string): Deployment {
  return Object.hasOwn(Object(value), 'destinationArn')
    ? { kind: 'source-account', config: parseSourceAccountConfig(value, source) }
    : { kind: 'detector', config: parseConfig(value, source) };
}

/** `-c cluster=NAME` watches EKS's log group of that cluster and makes a bucket for the other road. */
function fromFlags(flags: Flags): ConfigInput | SourceAccountConfigInput {
  const cluster = flags.text('cluster');
  const named = cluster === undefined ? {} : { cluster };
  const logGroup =
    flags.text('logGroup') ?? (cluster === undefined ? undefined : `/aws/eks/${cluster}/cluster`);
  const apiServerLogs = flags.yes('apiServerLogs', false);
  const bucket = flags.text('bucket');
  const destinationArn = flags.text('destination');
  if (destinationArn !== undefined) {
    return { destinationArn, logGroups: logGroup === undefined ? [] : [{ name: logGroup, apiServerLogs }] };
  }
  return {
    logGroups:
      logGroup === undefined || !flags.yes('logs', true) ? [] : [{ name: logGroup, ...named, apiServerLogs }],
    // a log group alone needs no bucket; no flag at all is the S3 road, with a bucket to drop logs into
    buckets:
      logGroup !== undefined && bucket === undefined && cluster === undefined
        ? []
        : [{ ...(bucket ? { name: bucket } : {}), ...named }],
    emails: flags.list('email'),
    sms: flags.list('sms'),
  };
}
