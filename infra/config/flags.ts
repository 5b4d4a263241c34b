import { ConfigError } from './config-error.ts';

/** `-c name=value`, beside whatever else CDK and cdk.json put into the context. */
export type Context = Readonly<Record<string, unknown>>;

/** What `-c` takes. */
export const flags = [
  'config',
  'cluster',
  'logGroup',
  'bucket',
  'logs',
  'apiServerLogs',
  'email',
  'sms',
  'destination',
] as const;
type Flag = (typeof flags)[number];
const forSourceAccount: ReadonlySet<string> = new Set([
  'destination',
  'cluster',
  'logGroup',
  'apiServerLogs',
]);
const forLogGroup: ReadonlySet<string> = new Set(['logs', 'apiServerLogs']);

/** Reads one of the flags that there are. @throws {ConfigError} where its value can't be meant */
export interface Flags {
  text(name: Flag): string | undefined;
  yes(name: Flag, unless: boolean): boolean;
  list(name: Flag): string[];
}

/** @throws {ConfigError} on a flag that there isn't, or that says nothing beside `-c config` */
export function readFlags(context: Context): Flags {
  // CDK's own keys hold a colon or a slash
  const given = Object.keys(context).filter((name) => /^\w+$/.test(name));
  const unknown = given.find((name) => !flags.some((flag) => flag === name));
  if (unknown !== undefined)
    throw new ConfigError(`-c ${unknown}: no such flag; they are ${flags.join(', ')}`);
  const [idle] = 'config' in context ? given.filter((name) => name !== 'config') : [];
  if (idle !== undefined)
    throw new ConfigError(`-c ${idle}: beside -c config it says nothing; write it into the file`);
  const [deaf] = 'destination' in context ? given.filter((name) => !forSourceAccount.has(name)) : [];
  if (deaf !== undefined)
    throw new ConfigError(
      `-c ${deaf}: beside -c destination it says nothing; it belongs to the other account`,
    );
  const [groupless] =
    'cluster' in context || 'logGroup' in context ? [] : given.filter((name) => forLogGroup.has(name));
  if (groupless !== undefined)
    throw new ConfigError(`-c ${groupless}: without -c cluster or -c logGroup it says nothing`);
  if (String(context['logs']) === 'false' && 'apiServerLogs' in context)
    throw new ConfigError('-c apiServerLogs: beside -c logs=false it says nothing');
  const text = (name: Flag): string | undefined => {
    const value = context[name];
    if (value === undefined) return undefined;
    if (typeof value === 'string' && value !== '') return value;
    throw new ConfigError(`-c ${name}=${JSON.stringify(value)}: it takes a text`);
  };
  return {
    text,
    yes(name, unless) {
      const value = String(context[name] ?? unless);
      if (value === 'true' || value === 'false') return value === 'true';
      throw new ConfigError(`-c ${name}=${value}: it takes true or false`);
    },
    list: (name) => (text(name) ?? '').split(',').flatMap((item) => item.trim() || []),
  };
}
