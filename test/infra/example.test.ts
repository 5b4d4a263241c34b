import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { CsrWatch } from '../../infra/index.ts';
import { appWithoutBundles } from '../../infra/synth.ts';
import { exampleStack } from './example-stack.ts';

describe('in another CDK app', () => {
  const { theirs, template } = exampleStack();

  test('the construct uses the resources of the app', () => {
    // the one for failed inputs
    template.resourceCountIs('AWS::S3::Bucket', 1);
    template.resourceCountIs('AWS::KMS::Key', 1);
    template.resourceCountIs('AWS::Logs::SubscriptionFilter', 2);
    const protocols = Object.values(template.findResources('AWS::SNS::Subscription')).map(
      ({ Properties }) => Properties.Protocol,
    );
    expect(protocols.sort()).toEqual(['email', 'email', 'https', 'sqs', 'sqs']);
    // CDK puts a function's subscription beside the function
    Template.fromStack(theirs).hasResourceProperties('AWS::SNS::Subscription', { Protocol: 'lambda' });
  });

  test('the construct needs a source and nothing else', () => {
    const stack = new Stack(appWithoutBundles(), 'Small');
    const watch = new CsrWatch(stack, 'CsrWatch', { buckets: [{}] });
    Template.fromStack(stack).resourceCountIs('AWS::SNS::Topic', 3);
    expect(() => watch.topic('pager')).toThrow('channels: none is named pager; they are findings, alerts');
    expect(() => new CsrWatch(stack, 'Blind', {})).toThrow(
      'nothing is watched: give logGroups, buckets or stream',
    );
  });

  test('twice in one stack is no clash', () => {
    const stack = new Stack(appWithoutBundles(), 'Twice');
    for (const id of ['One', 'Other'])
      new CsrWatch(stack, id, { buckets: [{}], stream: { accounts: ['222233334444'] } });
    const names = Object.values(Template.fromStack(stack).findResources('AWS::Logs::Destination')).map(
      ({ Properties }) => Properties.DestinationName,
    );
    expect(new Set(names).size).toBe(2);
  });
});
