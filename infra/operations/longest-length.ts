import { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { ResourceKind } from './tamper-calls/tamper-call.ts';

/** The longest names that a service allows, by kind of resource. */
const longestNames: Partial<Record<ResourceKind, number>> = {
  functions: 64,
  eventSourceMappings: 36,
  queues: 80,
  buckets: 63,
  keys: 36,
  streams: 128,
};

/** CloudFormation makes other names of the stack's (128 characters), the logical id and a suffix. */
const longestMadeName = 200;

/** An ARN's longest partition, service, region, account and type, with colons. */
const arnCharacters = 80;

/** Longer than 20 characters. */
const pseudoParameters: Readonly<Record<string, number>> = { 'AWS::StackName': 128, 'AWS::StackId': 250 };

/**
 * How many characters of JSON a value takes at most once CloudFormation has resolved it.
 * @param kind - of the resources that the value refers to
 */
export function longestLength(scope: Construct, value: unknown, kind: ResourceKind): number {
  return lengthOf(Stack.of(scope).resolve(value), kind);
}

function lengthOf(value: unknown, kind: ResourceKind): number {
  if (Array.isArray(value)) {
    return value.reduce<number>((sum, item) => sum + lengthOf(item, kind) + 1, 1);
  }
  if (typeof value !== 'object' || value === null) return JSON.stringify(value).length;
  const nameCharacters = longestNames[kind] ?? longestMadeName;
  const entries = Object.entries(value);
  const [name = '', argument] = entries[0] ?? [];
  if (name === 'Ref' && String(argument).startsWith('AWS::')) return pseudoParameters[String(argument)] ?? 20;
  // a reference to a topic is its ARN
  const isArn = name === 'Ref' ? kind === 'topics' : String(argument).toLowerCase().endsWith('arn');
  if (name === 'Ref' || name === 'Fn::GetAtt') return nameCharacters + (isArn ? arnCharacters : 0);
  if (name === 'Fn::Join') return lengthOf(argument, kind);
  if (name.startsWith('Fn::')) return nameCharacters;
  return entries.reduce((sum, [key, item]) => sum + key.length + 4 + lengthOf(item, kind), 1);
}
