import { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { longestLength } from './longest-length.ts';
import { namesByKind, type ProtectedResources, type ResourceName } from './protected-resources.ts';
import { tamperCalls } from './tamper-calls/all-tamper-calls.ts';
import type { Form, TamperCall } from './tamper-calls/tamper-call.ts';

/** What one rule matches. */
export interface TamperPattern {
  /** Unique in the stack. */
  readonly id: string;
  readonly service: string;
  /** The `detail` of an EventBridge pattern. */
  readonly detail: Readonly<Record<string, unknown>>;
  /** Where `detail` may name the resource: an event has one of them. */
  readonly targets: readonly string[];
}

/** EventBridge takes 2,048 characters; `source` and `detail-type` need the rest. */
const maxDetailCharacters = 1_900;

/**
 * The patterns of all rules: one for each service and kind of resource, or several if the names are too long for one. A
 * kind without resources has none.
 */
export function tamperPatterns(scope: Construct, resources: ProtectedResources): TamperPattern[] {
  const names = namesByKind(scope, resources);
  const { account } = Stack.of(scope);
  return groupCalls().flatMap((calls) => {
    const [{ protects }] = calls;
    if (protects === 'account') return [patternOf(calls, 0, account, [])];
    return fitting(
      names[protects],
      (some) =>
        longestLength(scope, patternOf(calls, 0, account, some).detail, protects) <= maxDetailCharacters,
    ).map((some, index) => patternOf(calls, index, account, some));
  });
}

/** A log group's name may have 512 characters, too many for a pattern that contains it in several forms. */
const longName = 200;

type Group = readonly [TamperCall, ...TamperCall[]];

/** Calls of one service on one kind of resource share a rule, unless one has conditions of its own. */
function groupCalls(): Group[] {
  const groups = new Map<string, Group>();
  for (const call of tamperCalls) {
    const alone = call.only !== undefined || call.protects === 'account';
    const key = `${call.service} ${call.protects} ${alone ? call.events[0] : ''}`;
    const group = groups.get(key);
    groups.set(key, group === undefined ? [call] : [...group, call]);
  }
  return [...groups.values()];
}

function patternOf(
  calls: Group,
  index: number,
  account: string,
  names: readonly ResourceName[],
): TamperPattern {
  const [{ service, protects, only = {}, events }] = calls;
  const alone = calls[0].only !== undefined || protects === 'account';
  const forms = mergeForms(calls);
  const alternatives = [...forms].map(([parameter, of]) => ({
    requestParameters: { ...matching(parameter, [...of], names, account), ...only },
  }));
  const [first, ...more] = alternatives;
  return {
    id: [service, protects, alone ? (events[0] ?? '') : '', index === 0 ? '' : `${index + 1}`]
      .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
      .join(''),
    service,
    targets: [...forms.keys()].map((parameter) => `requestParameters.${parameter}`),
    detail: {
      eventSource: [`${service}.amazonaws.com`],
      eventName: eventNames(
        service,
        calls.flatMap((call) => call.events),
      ),
      ...(more.length === 0 ? withoutEmpty(first) : { $or: alternatives }),
    },
  };
}

/** Lambda appends the version of its API to the name of the event. */
function eventNames(service: string, events: readonly string[]): unknown[] {
  const names = [...new Set(events)];
  return service === 'lambda' ? names.map((prefix) => ({ prefix })) : names;
}

function mergeForms(calls: Group): Map<string, Set<Form>> {
  const merged = new Map<string, Set<Form>>();
  for (const { parameters } of calls) {
    for (const [parameter, forms] of Object.entries(parameters)) {
      merged.set(parameter, new Set([...(merged.get(parameter) ?? []), ...forms]));
    }
  }
  return merged;
}

function matching(
  parameter: string,
  forms: readonly Form[],
  names: readonly ResourceName[],
  account: string,
): Record<string, unknown> {
  if (forms.includes('any')) return {};
  if (names.some(({ name }) => name.length > longName)) {
    return { [parameter]: names.map(({ name }) => ({ wildcard: `*${name.slice(-longName)}*` })) };
  }
  const matchers = names.flatMap((name) => forms.map((form) => matcher(form, name, account)));
  return { [parameter]: [...new Map(matchers.map((item) => [JSON.stringify(item), item])).values()] };
}

function matcher(form: Form, { name, arn, arnEnd }: ResourceName, account: string): unknown {
  switch (form) {
    case 'name':
      return name;
    case 'name:qualifier':
      return { prefix: `${name}:` };
    case 'ARN':
    case 'partial ARN':
      return arnEnd === undefined ? arn : { suffix: arnEnd };
    case 'ARN:suffix':
      return { prefix: `${arn}:` };
    case 'partial ARN:qualifier':
      return { prefix: `${account}${arnEnd}:` };
    case 'URL':
      return { suffix: `/${name}` };
    case 'name prefix':
      return { prefix: name };
    case 'any':
      return { exists: true };
  }
}

/** A pattern may not be empty. */
function withoutEmpty(pattern: { readonly requestParameters: object } | undefined): Record<string, unknown> {
  return pattern === undefined || Object.keys(pattern.requestParameters).length === 0 ? {} : pattern;
}

/** Splits a list into as few lists as fit, in its order. */
function fitting<T>(items: readonly T[], fits: (some: readonly T[]) => boolean): T[][] {
  const lists: T[][] = [];
  for (const item of items) {
    const last = lists.at(-1);
    if (last !== undefined && fits([...last, item])) last.push(item);
    else lists.push([item]);
  }
  return lists;
}
