import { App, Duration, Stack } from 'aws-cdk-lib';
import { Annotations, Template } from 'aws-cdk-lib/assertions';
import { Table } from 'aws-cdk-lib/aws-dynamodb';
import { Rule } from 'aws-cdk-lib/aws-events';
import { Stream } from 'aws-cdk-lib/aws-kinesis';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Operations, type OperationsProps } from '../../infra/operations/operations.ts';

export const account = '111122223333';
export const region = 'eu-central-1';

/** Operations over things that stand elsewhere, so that the template holds names instead of references. */
export function operationsStack(own?: (stack: Stack) => Partial<OperationsProps>) {
  const app = new App({ analyticsReporting: false });
  const stack = new Stack(app, 'csrwatch', { env: { account, region } });
  const arn = (service: string, name: string) => `arn:aws:${service}:${region}:${account}:${name}`;
  const func = (name: string) =>
    LambdaFunction.fromFunctionArn(stack, name, arn('lambda', `function:${name}`));
  const queue = (name: string) => Queue.fromQueueArn(stack, name, arn('sqs', name));
  const group = (name: string) => LogGroup.fromLogGroupName(stack, name, name);
  const [logs, objects, central] = [
    func('detector-logs'),
    func('detector-objects'),
    func('detector-central'),
  ];
  const topic = new Topic(stack, 'Topic', {
    masterKey: Key.fromKeyArn(stack, 'TopicKey', arn('kms', 'key/1234abcd-12ab-34cd-56ef-1234567890ab')),
  });
  new Operations(stack, 'Operations', {
    topic,
    key: Key.fromKeyArn(stack, 'Key', arn('kms', 'key/1234abcd-12ab-34cd-56ef-1234567890ab')),
    functions: [logs, objects, central],
    subscribed: [logs],
    subscriptionFilter: 'csrwatch-filter',
    streamReaders: [central],
    canary: func('canary'),
    summaries: Rule.fromEventRuleArn(stack, 'Summaries', arn('events', 'rule/summaries')),
    functionLogs: [group('detector-log')],
    eventSourceMappings: ['0f5a3d5e-1c8b-4f5e-9d2a-2b7c1e6a9f10'],
    failures: [queue('logs-failed'), queue('objects-failed')],
    undelivered: [queue('pages-undelivered')],
    logGroups: [group('/aws/eks/prod/cluster'), group('kubernetes')],
    logNoData: Duration.minutes(30),
    objects: queue('objects'),
    objectNoData: Duration.hours(24),
    buckets: [Bucket.fromBucketName(stack, 'Bucket', 'audit-logs')],
    topics: [
      Topic.fromTopicArn(stack, 'Findings', arn('sns', 'findings')),
      Topic.fromTopicArn(stack, 'Alerts', arn('sns', 'alerts')),
    ],
    table: Table.fromTableName(stack, 'Table', 'seen'),
    watchList: Table.fromTableName(stack, 'WatchList', 'followed'),
    streams: [Stream.fromStreamArn(stack, 'Stream', arn('kinesis', 'stream/audit'))],
    ...own?.(stack),
  });
  return { stack, template: Template.fromStack(stack), annotations: Annotations.fromStack(stack) };
}
