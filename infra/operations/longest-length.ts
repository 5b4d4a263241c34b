import { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { ResourceKind } from './tamper-calls/tamper-call.ts';

/** The longest names that CloudFormation makes, by kind of resource; 255 for all others. */
const longestNames: Partial<Record<ResourceKind, number>> = {
  functions: 64,
  eventSourceMappings: 36,
  queues: 80,
  buckets: 63,
  keys: 36,
  streams: 128,
};

/** An ARN's longest partition, service, region, account and type, with colons. */
const arnCharacters = 80;

/**
 * How many characters of JSON a value takes at most once CloudFormation has resolved it.
 * @param kind - of the resources that the value refers to
 */
export function longestLength(scope: Construct, value: unknown, kind: ResourceKind): number {
  return lengthOf(Stack.of(scope).resolve(value), longestNames[kind] ?? 255);
}

function lengthOf(value: unknown, nameCharacters: number): number {
  if (Array.isArray(value)) {
    return value.reduce<number>((sum, item) => sum + lengthOf(item, nameCharacters) + 1, 1);
  }
  if (typeof value !== 'object' || value === null) return JSON.stringify(value).length;
  const entries = Object.entries(value);
  const [name = '', argument] = entries[0] ?? [];
  if (name === 'Ref') return String(argument).startsWith('AWS::') ? 30 : nameCharacters + arnCharacters;
  if (name === 'Fn::GetAtt') {
    return nameCharacters + (String(argument).toLowerCase().endsWith('arn') ? arnCharacters : 0);
  }
  if (name === 'Fn::Join') return lengthOf(argument, nameCharacters);
  if (name.startsWith('Fn::')) return nameCharacters;
  return entries.reduce((sum, [key, item]) => sum + key.length + 4 + lengthOf(item, nameCharacters), 1);
}
