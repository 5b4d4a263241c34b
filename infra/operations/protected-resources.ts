import { Stack } from 'aws-cdk-lib';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import type { IStream } from 'aws-cdk-lib/aws-kinesis';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { eksClusterOf } from '../../lambda/audit/eks-log-group.ts';
import { deployedName, namePrefix } from '../deployed-name.ts';
import type { ResourceKind } from './tamper-calls/tamper-call.ts';

/** Resources without which csrwatch detects nothing or alerts no one. */
export interface ProtectedResources {
  readonly functions: readonly IFunction[];
  /** UUIDs of what reads queues and streams for the functions. */
  readonly eventSourceMappings: readonly string[];
  /** The watched log groups, and the functions' own, whose log events become metrics. */
  readonly logGroups: readonly ILogGroup[];
  readonly topics: readonly ITopic[];
  readonly queues: readonly IQueue[];
  readonly buckets: readonly Pick<IBucket, 'bucketName' | 'encryptionKey'>[];
  readonly keys: readonly IKey[];
  readonly tables: readonly Pick<ITable, 'tableName'>[];
  readonly streams: readonly IStream[];
}

/** A resource as requests name it. */
export interface ResourceName {
  readonly name: string;
  /** The whole ARN. @default - patterns do not need it */
  readonly arn?: string;
  /** How the ARN ends: shorter in a pattern than the whole ARN, and the same in every partition. @default - `arn` */
  readonly arnEnd?: string;
}

/** The names of all resources, by kind. A kind without resources has an empty list. */
export function namesByKind(
  scope: Construct,
  resources: ProtectedResources,
): Record<Exclude<ResourceKind, 'account'>, readonly ResourceName[]> {
  const logGroups = resources.logGroups.map(({ logGroupName }) => logGroupName);
  const clusters = logGroups.flatMap((name) => eksClusterOf(name) ?? []);
  const made = [named(namePrefix(scope))];
  return {
    logGroups: logGroups.map((name) => named(name, ':log-group:')),
    clusters: clusters.map((name) => named(name, ':cluster/')),
    functions: resources.functions.map(({ functionName: name, functionArn: arn }) => ({
      ...named(name, ':function:'),
      arn,
    })),
    eventSourceMappings: resources.eventSourceMappings.map((uuid) => named(uuid)),
    topics: resources.topics.map(({ topicName: name, topicArn: arn }) => ({ name, arn })),
    queues: resources.queues.map(({ queueName: name }) => named(name, ':')),
    buckets: resources.buckets.map(({ bucketName }) => named(bucketName)),
    keys: allKeys(resources).map(({ keyId }) => named(keyId, ':key/')),
    tables: resources.tables.map(({ tableName: name }) => named(name, ':table/')),
    streams: resources.streams.map(({ streamName: name }) => named(name, ':stream/')),
    destinations: resources.streams.length > 0 ? made : [],
    rules: made,
    alarms: made,
    roles: made,
    stack: [{ name: deployedName(scope), arn: Stack.of(scope).stackId }],
  };
}

/** @param type - what is before the name in an ARN */
function named(name: string, type?: string): ResourceName {
  return type === undefined ? { name } : { name, arnEnd: `${type}${name}` };
}

/** Each key once: the stack's own, and those of topics and buckets that exist. */
function allKeys({ keys, topics, buckets }: ProtectedResources): IKey[] {
  const all = [
    ...keys,
    ...topics.flatMap(({ masterKey }) => masterKey ?? []),
    ...buckets.flatMap(({ encryptionKey }) => encryptionKey ?? []),
  ];
  return [...new Map(all.map((key) => [key.keyArn, key])).values()];
}
