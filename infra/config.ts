import { pathToFileURL } from 'node:url';
import { z } from 'zod';

const severity = z.enum(['low', 'medium', 'high', 'critical']);
const cluster = z.string().min(1);

const configSchema = z.strictObject({
  /** Log groups that exist, subscribed to. */
  logGroups: z
    .array(
      z.strictObject({
        name: z.string().min(1),
        /** @default - what the group's name says, as in /aws/eks/NAME/cluster */
        cluster: cluster.optional(),
        /** The audit events stand bare in the log, as EKS writes them, so that AWS may filter them. @default - true for /aws/eks/NAME/cluster */
        bare: z.boolean().optional(),
      }),
    )
    .default([]),
  /** Buckets that audit logs are dropped into. */
  buckets: z
    .array(
      z.strictObject({
        /** A bucket that exists. @default - one is made */
        name: z.string().min(3).optional(),
        /** @default - what the key pattern or the events say */
        cluster: cluster.optional(),
        /** Such as `{cluster}/{yyyy}/`. @default - keys say nothing of the cluster */
        keyPattern: z.string().includes('{cluster}').optional(),
      }),
    )
    .default([]),
  /** E-mail addresses that pages go to. */
  emails: z.array(z.email()).default([]),
  /** E-mail addresses that alarms on csrwatch itself go to. @default - those of `emails` */
  operationsEmails: z.array(z.email()).optional(),
  /** Telephone numbers that pages go to, as +4915112345678. */
  sms: z.array(z.e164()).default([]),
  /** What people are paged for at least. The json channel gets every finding. */
  lowestSeverity: severity.default('low'),
  /** Rule files or folders of them, beside the built-in rules. */
  rules: z.array(z.string()).default([]),
  /** Ids of rules that are left out. */
  disabledRules: z.array(z.string()).default([]),
  /** What nobody is to be paged for: a ready-made exception by its name, a file of exceptions, or one in place. */
  exceptions: z
    .array(
      z.union([
        z.string().min(1),
        z.strictObject({
          name: z.string().min(1),
          /** Why nobody has to be paged. */
          reason: z.string().min(1),
          /** Ids of the rules that it is for. */
          rules: z.array(z.string()).min(1),
          /** KQL, ANDed to the rules as `not (…)`. */
          query: z.string().min(1),
        }),
      ]),
    )
    .default([]),
  /** Days that the functions' own logs are kept. */
  logRetentionDays: z.union([7, 14, 30, 90, 180, 365].map((days) => z.literal(days))).default(30),
});

/** A deployment, every default filled in. */
export type Config = z.output<typeof configSchema>;
/** What csrwatch.config.ts exports as its default. */
export type ConfigInput = z.input<typeof configSchema>;

/** A flag or a field of the file is wrong; the message names it, what it got, and what it takes. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/** Fills defaults in and checks every field. @throws {ConfigError} with all mistakes. */
export function parseConfig(value: unknown, source: string): Config {
  const parsed = configSchema.safeParse(value);
  if (parsed.success) {
    const { logGroups, buckets } = parsed.data;
    if (logGroups.length + buckets.length > 0) return parsed.data;
    throw new ConfigError(
      `${source}: nothing is watched. Name a cluster, a log group or a bucket: -c cluster=NAME`,
    );
  }
  const mistakes = parsed.error.issues.map(({ path, message }) => {
    const got = path.reduce<unknown>((item, key) => Object(item)[key], value);
    return `${source}: ${path.join('.') || 'the file'}: ${message} (got ${JSON.stringify(got)})`;
  });
  throw new ConfigError(mistakes.join('\n'));
}

/** How the quick start reads `-c name=value`. */
export type ContextFlags = (name: string) => unknown;

/** The deployment that context flags and the file of `-c config=FILE` describe. */
export async function readConfig(flag: ContextFlags): Promise<Config> {
  const file = text(flag, 'config');
  if (file === undefined) return parseConfig(fromFlags(flag), '-c');
  const loaded: { default?: unknown } = await import(pathToFileURL(file).href);
  return parseConfig(loaded.default, file);
}

/** `-c cluster=NAME` watches EKS's log group of that cluster and makes a bucket for the other road. */
function fromFlags(flag: ContextFlags): ConfigInput {
  const name = text(flag, 'cluster');
  const named = name === undefined ? {} : { cluster: name };
  const logGroup = text(flag, 'logGroup') ?? (name === undefined ? undefined : `/aws/eks/${name}/cluster`);
  const bucket = text(flag, 'bucket');
  return {
    logGroups: logGroup === undefined || !logsWanted(flag) ? [] : [{ name: logGroup, ...named }],
    // a log group alone needs no bucket; no flag at all is the S3 road, with a bucket to drop logs into
    buckets:
      logGroup !== undefined && bucket === undefined && name === undefined
        ? []
        : [{ ...(bucket ? { name: bucket } : {}), ...named }],
    emails: list(text(flag, 'email')),
    sms: list(text(flag, 'sms')),
  };
}

function text(flag: ContextFlags, name: string): string | undefined {
  const value = flag(name);
  if (value === undefined) return undefined;
  if (typeof value === 'string' && value !== '') return value;
  throw new ConfigError(`-c ${name}=${JSON.stringify(value)}: a text is needed`);
}

function logsWanted(flag: ContextFlags): boolean {
  const value = String(flag('logs') ?? 'true');
  if (value === 'true' || value === 'false') return value === 'true';
  throw new ConfigError(`-c logs=${value}: it takes true or false`);
}

function list(value: string | undefined): string[] {
  return value === undefined ? [] : value.split(',').map((item) => item.trim());
}
