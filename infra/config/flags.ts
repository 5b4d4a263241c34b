import { ConfigError } from './config-error.ts';
import { nearMiss } from './near-miss.ts';

/** `-c name=value` and the `context` of cdk.json and ~/.cdk.json, with CDK's own keys between them. */
export type Context = Readonly<Record<string, unknown>>;

/** What `-c` takes. */
export const flags = [
  'config',
  'stackName',
  'cluster',
  'logGroup',
  'bucket',
  'createBucket',
  'logs',
  'email',
  'sms',
  'destination',
  'operationsTopic',
] as const;
type Flag = (typeof flags)[number];
const withConfig: ReadonlySet<string> = new Set(['config', 'stackName']);
const forSourceAccount: ReadonlySet<string> = new Set([
  'destination',
  'operationsTopic',
  'stackName',
  'cluster',
  'logGroup',
  'email',
]);
const onlyForSourceAccount = 'operationsTopic';
const forLogGroup: ReadonlySet<string> = new Set(['logs']);

/** An example of each flag that takes a text. */
const examples: Readonly<Record<Exclude<Flag, 'createBucket' | 'logs'>, string>> = {
  config: 'csrwatch.config.ts',
  stackName: 'csrwatch-prod',
  cluster: 'prod',
  logGroup: '/aws/eks/prod/cluster',
  bucket: 'my-audit-logs',
  email: 'oncall@example.com',
  sms: '+4915112345678',
  destination: 'arn:aws:logs:eu-central-1:111122223333:destination:csrwatch',
  operationsTopic: 'arn:aws:sns:eu-central-1:111122223333:csrwatch-operations',
};
type TextFlag = keyof typeof examples;

/** The flags that were given. Each reader throws a ConfigError on a value of the wrong kind. */
export interface Flags {
  /** Flags that describe a deployment: all but `config` and `stackName`. */
  readonly described: readonly string[];
  text(name: TextFlag): string | undefined;
  boolean(name: Exclude<Flag, TextFlag>): boolean | undefined;
  list(name: TextFlag): string[];
}

/** @throws {ConfigError} on a misspelled flag, or on one that has no effect beside another */
export function readFlags(context: Context): Flags {
  refuseNearMisses(context);
  const given = flags.filter((name) => context[name] !== undefined);
  refuseWithoutEffect(given);
  const text = (name: TextFlag): string | undefined => {
    const value = context[name];
    if (value === undefined || (typeof value === 'string' && value.trim() !== '')) return value;
    const got = typeof value === 'string' ? 'its value is empty' : `its value is ${JSON.stringify(value)}`;
    throw new ConfigError(`-c ${name}: ${got}; expected a string, such as -c ${name}=${examples[name]}`);
  };
  return {
    described: given.filter((name) => !withConfig.has(name)),
    text,
    boolean(name) {
      if (context[name] === undefined) return undefined;
      const value = String(context[name]);
      if (value === 'true' || value === 'false') return value === 'true';
      throw new ConfigError(`-c ${name}=${value}: expected true or false`);
    },
    list(name) {
      const value = context[name];
      // a list in cdk.json
      if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value;
      return (text(name) ?? '').split(',').flatMap((item) => item.trim() || []);
    },
  };
}

/**
 * Other tools may keep context of their own in cdk.json or ~/.cdk.json, so an unknown key is ignored unless it looks like
 * one of these flags misspelled.
 */
function refuseNearMisses(context: Context): void {
  for (const key of Object.keys(context)) {
    const meant = flags.some((flag) => flag === key) ? undefined : nearMiss(key, flags);
    if (meant !== undefined) throw new ConfigError(`-c ${key}: no such flag; did you mean -c ${meant}?`);
  }
}

function refuseWithoutEffect(given: readonly Flag[]): void {
  const outside = (allowed: ReadonlySet<string>) => given.find((name) => !allowed.has(name));
  const idle = given.includes('config') ? outside(withConfig) : undefined;
  if (idle !== undefined)
    throw new ConfigError(`-c ${idle}: it has no effect with -c config; write it into the file`);
  const foreign = given.includes('destination') ? outside(forSourceAccount) : undefined;
  if (foreign !== undefined)
    throw new ConfigError(
      `-c ${foreign}: it has no effect with -c destination; it belongs to the central account`,
    );
  if (given.includes(onlyForSourceAccount) && !given.includes('destination')) {
    throw new ConfigError(
      `-c ${onlyForSourceAccount}: it has no effect without -c destination; it belongs to a source account`,
    );
  }
  const groupless =
    given.includes('cluster') || given.includes('logGroup')
      ? undefined
      : given.find((name) => forLogGroup.has(name));
  if (groupless !== undefined)
    throw new ConfigError(`-c ${groupless}: it has no effect without -c cluster or -c logGroup`);
  if (given.includes('bucket') && given.includes('createBucket'))
    throw new ConfigError(
      '-c createBucket: it has no effect with -c bucket, which names a bucket that exists',
    );
}
