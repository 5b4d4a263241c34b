import { App, CfnParameter, DefaultStackSynthesizer, PermissionsBoundary, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { describe, expect, test } from 'vitest';
import { CsrWatch, CsrWatchStack } from '../../infra/index.ts';

/** The construct in an app that is not csrwatch's own. */
function addTo(stack: Stack, id = 'CsrWatch', emails: readonly string[] = []): CsrWatch {
  return new CsrWatch(stack, id, {
    logGroups: [{ logGroup: LogGroup.fromLogGroupName(stack, `${id}Audit`, `/aws/eks/${id}/cluster`) }],
    buckets: [{}],
    channels: [{ name: 'alerts', rendering: 'text', subscribers: { emails } }],
    code: Code.fromInline('exports.handler = async () => {}'),
  });
}

describe('in another app', () => {
  test('the construct fits into two stacks in two regions, which do not refer to each other', () => {
    const app = new App();
    const stacks = ['eu-central-1', 'us-east-1'].map((region) => {
      const stack = new Stack(app, `Platform-${region}`, { env: { account: '111122223333', region } });
      addTo(stack);
      return stack;
    });
    app.synth();
    const [first, second] = stacks.map((stack) => Template.fromStack(stack).toJSON());
    expect(Object.keys(first?.['Resources']).length).toBe(Object.keys(second?.['Resources']).length);
    expect(JSON.stringify(first)).not.toContain('us-east-1');
    for (const stack of stacks) expect(stack.dependencies).toEqual([]);
  });

  test("the construct leaves the app's context as it is, and reads it", () => {
    const context = { 'my-team:stage': 'prod', '@aws-cdk/core:enablePartitionLiterals': true };
    const app = new App({ context });
    const stack = new Stack(app, 'Platform');
    const before = app.node.getAllContext();
    addTo(stack);
    app.synth();
    expect(app.node.getAllContext()).toEqual(before);
    expect(stack.node.tryGetContext('my-team:stage')).toBe('prod');
  });

  test('every role has the permissions boundary of the stack', () => {
    const app = new App();
    const stack = new Stack(app, 'Platform', { permissionsBoundary: PermissionsBoundary.fromName('team') });
    addTo(stack);
    const roles = Template.fromStack(stack).findResources('AWS::IAM::Role');
    expect(Object.keys(roles).length).toBeGreaterThan(2);
    for (const { Properties } of Object.values(roles)) {
      expect(JSON.stringify(Properties.PermissionsBoundary)).toContain('policy/team');
    }
  });

  test('a custom synthesizer decides where assets lie', () => {
    const synthesizer = new DefaultStackSynthesizer({
      qualifier: 'team',
      fileAssetsBucketName: 'team-assets',
    });
    const stack = new Stack(new App(), 'Platform', { synthesizer });
    new CsrWatch(stack, 'CsrWatch', { buckets: [{}] });
    const functions = Template.fromStack(stack).findResources('AWS::Lambda::Function', {
      Properties: { Handler: 'index.handler', Code: { S3Bucket: Match.anyValue() } },
    });
    expect(Object.keys(functions).length).toBeGreaterThan(0);
    for (const { Properties } of Object.values(functions)) {
      expect(Properties.Code.S3Bucket).toEqual('team-assets');
    }
  }, 60_000);
});

describe('values that are known only when the stack is deployed', () => {
  test('an e-mail address of a parameter is subscribed by the construct', () => {
    const stack = new Stack(new App(), 'Platform');
    addTo(stack, 'CsrWatch', [new CfnParameter(stack, 'Email').valueAsString]);
    Template.fromStack(stack).hasResourceProperties('AWS::SNS::Subscription', {
      Protocol: 'email',
      Endpoint: { Ref: 'Email' },
    });
  });

  test('the stack takes them for addresses, log groups, buckets and keys', () => {
    const app = new App({ context: { 'aws:cdk:bundling-stacks': [] } });
    const names = new Stack(app, 'Names');
    const value = (id: string) => new CfnParameter(names, id).valueAsString;
    const stack = new CsrWatchStack(app, 'csrwatch', {
      emails: [value('Email')],
      sms: [value('Sms')],
      logGroups: [{ name: value('LogGroup') }],
      buckets: [{ name: value('Bucket'), keyArn: value('BucketKey') }],
      keyArn: value('TopicKey'),
    });
    expect(() => Template.fromStack(stack)).not.toThrow();
  });

  test('a text that only looks like one is refused', () => {
    const app = new App();
    expect(() => new CsrWatchStack(app, 'csrwatch', { emails: ['Token[x]'], buckets: [{}] })).toThrow(
      'emails[0]: expected an e-mail address',
    );
  });
});
