import { parseArgs } from 'node:util';
import type { FollowRequest } from '../../lambda/follow/follow-request.ts';
import { readFingerprint } from '../fingerprint.ts';
import { StackError } from '../stack/stack-outputs.ts';
import { timeOption } from '../time-option.ts';

export interface FollowCall {
  readonly stack: string;
  readonly format: 'text' | 'json';
  readonly request: FollowRequest;
}

type Values = ReturnType<typeof parse>['values'];

/** @returns `help` for the option `--help`
 * @throws {StackError} on a usage error
 */
export function followCall(args: readonly string[], nowMs: number): FollowCall | 'help' {
  const { values, positionals } = parse(args);
  if (values.help) return 'help';
  const request = requestOf(values, positionals, nowMs);
  const { stack, format } = values;
  if (stack === undefined) throw new StackError('--stack NAME is required');
  if (format !== 'text' && format !== 'json')
    throw new StackError(`--format ${format}: expected text or json`);
  return { stack, format, request };
}

function parse(args: readonly string[]) {
  return parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      stack: { type: 'string' },
      reason: { type: 'string' },
      cluster: { type: 'string' },
      subject: { type: 'string' },
      until: { type: 'string' },
      format: { type: 'string', default: 'text' },
      help: { type: 'boolean', default: false },
    },
  });
}

function requestOf(
  values: Values,
  [action, given, ...more]: readonly string[],
  nowMs: number,
): FollowRequest {
  const surplus = action === 'list' ? given : more[0];
  if (surplus !== undefined) throw new StackError(`${surplus}: there is one argument too many`);
  switch (action) {
    case 'list':
      refuse(values, ['reason'], 'add and remove');
      refuse(values, ['cluster', 'subject', 'until'], 'add');
      return { action };
    case 'add':
      return {
        ...{ action, certificate: certificateOf(given), reason: filled(values, 'reason', action) },
        ...optional(values, 'cluster'),
        ...optional(values, 'subject'),
        ...(values.until === undefined ? {} : { until: untilOf(values.until, nowMs) }),
      };
    case 'remove':
      refuse(values, ['cluster', 'subject', 'until'], 'add');
      return { action, certificate: certificateOf(given), reason: filled(values, 'reason', action) };
    default:
      throw new StackError(
        `${action === undefined ? 'an action is required' : `there is no action ${action}`}: list, add or remove`,
      );
  }
}

function certificateOf(text: string | undefined): string {
  if (text === undefined) throw new StackError('the fingerprint of the certificate is required');
  const read = readFingerprint(text);
  if (!read.ok) throw new StackError(`${text}: ${read.problem}`);
  return read.fingerprint;
}

type Text = 'reason' | 'cluster' | 'subject';

function filled(values: Values, name: Text, action: string): string {
  const value = values[name]?.trim();
  if (value === undefined) throw new StackError(`${action} needs --${name} TEXT`);
  if (value === '') throw new StackError(`--${name}: it is empty`);
  return value;
}

function optional(values: Values, name: Text): Partial<Record<Text, string>> {
  return values[name] === undefined ? {} : { [name]: filled(values, name, 'add') };
}

function refuse(values: Values, names: readonly (Text | 'until')[], actions: string): void {
  const given = names.find((name) => values[name] !== undefined);
  if (given !== undefined) throw new StackError(`--${given}: it is an option of ${actions}`);
}

function untilOf(text: string, nowMs: number): string {
  const ms = timeOption(text, nowMs);
  if (ms === undefined)
    throw new StackError(`--until ${text}: expected a date or a time such as 2027-11-23T21:51:10Z`);
  if (ms <= nowMs) throw new StackError(`--until ${text}: it is not in the future`);
  return new Date(ms).toISOString();
}
