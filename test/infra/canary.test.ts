import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Schedule } from 'aws-cdk-lib/aws-events';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { expect, test } from 'vitest';
import { Canary } from '../../infra/canary-function.ts';

/** Not run here. */
const code = () => Code.fromAsset('infra');

function undelivered(stack: Stack) {
  const queue = new Queue(stack, 'Undelivered');
  return { undelivered: queue, undeliveredByTopics: queue };
}

function synthesized(scheduled: boolean): Template {
  const stack = new Stack(new App({ context: { 'aws:cdk:bundling-stacks': [] } }), 'stack');
  new Canary(stack, 'Canary', {
    code: code(),
    findings: new Topic(stack, 'Findings'),
    logGroups: [LogGroup.fromLogGroupName(stack, 'Group', '/aws/eks/prod/cluster')],
    ...undelivered(stack),
    objects: [{ bucket: Bucket.fromBucketName(stack, 'Watched', 'my-audit-logs'), prefix: 'audit/' }],
    schedule: scheduled ? Schedule.expression('rate(1 day)') : undefined,
    logRetention: RetentionDays.ONE_WEEK,
  });
  return Template.fromStack(stack);
}

test('the alerts of canaries, and no others, arrive in a queue', () => {
  const template = synthesized(false);
  template.hasResourceProperties('AWS::SNS::Subscription', {
    Protocol: 'sqs',
    RawMessageDelivery: true,
    FilterPolicy: { rule: ['csrwatch-canary'] },
  });
  template.resourceCountIs('AWS::Lambda::Function', 0);
});

test('on a schedule a function writes to its own stream and key, and nowhere else', () => {
  const template = synthesized(true);
  template.hasResourceProperties('AWS::Events::Rule', { ScheduleExpression: 'rate(1 day)' });
  const statements = Object.values(template.findResources('AWS::IAM::Policy'))
    .flatMap(({ Properties }) => Properties.PolicyDocument.Statement)
    .map(({ Action, Resource }) => [Action, JSON.stringify(Resource)]);
  const written = statements.filter(([action]) => /s3:|logs:/.test(String(action)));
  expect(written).toEqual([
    [['logs:CreateLogStream', 'logs:PutLogEvents'], expect.stringContaining('SenderLog')],
    [
      ['logs:CreateLogStream', 'logs:PutLogEvents'],
      expect.stringContaining(':log-group:*:log-stream:csrwatch-canary'),
    ],
    ['s3:PutObject', expect.stringContaining(':s3:::my-audit-logs/audit/csrwatch-canary/*.ndjson')],
  ]);
});

test('a schedule without anything to send a canary to is an error', () => {
  const stack = new Stack(new App(), 'stack');
  const nothing = () =>
    new Canary(stack, 'Canary', {
      code: code(),
      findings: new Topic(stack, 'Findings'),
      ...undelivered(stack),
      logGroups: [],
      objects: [],
      schedule: Schedule.expression('rate(1 day)'),
      logRetention: RetentionDays.ONE_WEEK,
    });
  expect(nothing).toThrow(/^canarySchedule: there is no log group and no bucket to send a canary to$/);
});
