import { readFileSync } from 'node:fs';
import { App, Validations } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { AwsSolutionsChecks } from 'cdk-nag';
import { describe, expect, test } from 'vitest';
import { type ConfigInput, parseConfig, readConfig } from '../../infra/config.ts';
import { CsrWatchStack } from '../../infra/stack.ts';

const newApp = () => new App({ context: { 'aws:cdk:bundling-stacks': [] }, analyticsReporting: false });

function synthesised(input: ConfigInput) {
  return {
    template: Template.fromStack(new CsrWatchStack(newApp(), 'csrwatch', parseConfig(input, 'test'))),
  };
}

const quickStart: ConfigInput = {
  logGroups: [{ name: '/aws/eks/prod/cluster', cluster: 'prod' }],
  buckets: [{ cluster: 'prod' }],
  emails: ['oncall@example.com'],
};

describe('the quick start', () => {
  const { template } = synthesised(quickStart);

  test('subscribes to the log group with the pattern derived from the rules', () => {
    template.hasResourceProperties('AWS::Logs::SubscriptionFilter', {
      LogGroupName: '/aws/eks/prod/cluster',
      FilterPattern: Match.stringLikeRegexp(
        '^\\{ .*\\$\\.objectRef\\.resource = "certificatesigningrequests"',
      ),
    });
  });

  test('never makes a log group but those of its own functions', () => {
    const names = Object.values(template.findResources('AWS::Logs::LogGroup')).map(
      ({ Properties }) => Properties.LogGroupName,
    );
    expect(names.filter((name) => name !== undefined)).toEqual([]);
    template.allResourcesProperties('AWS::Logs::LogGroup', { RetentionInDays: 30 });
  });

  test('runs one bundle as two functions on Node 24 and arm64', () => {
    const functions = Object.values(
      template.findResources('AWS::Lambda::Function', {
        Properties: { Runtime: 'nodejs24.x', Architectures: ['arm64'], Handler: 'index.handler' },
      }),
    );
    expect(functions).toHaveLength(2);
    const [first, second] = functions.map(({ Properties }) => Properties.Code);
    expect(first).toEqual(second);
  });

  test('answers for each message of a batch, and waits six times the timeout', () => {
    template.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      FunctionResponseTypes: ['ReportBatchItemFailures'],
    });
    template.hasResourceProperties('AWS::SQS::Queue', {
      VisibilityTimeout: 1_800,
      RedrivePolicy: { maxReceiveCount: 5 },
    });
  });

  test('keeps what a log delivery failed with', () => {
    template.hasResourceProperties('AWS::Lambda::EventInvokeConfig', {
      MaximumRetryAttempts: 2,
      DestinationConfig: { OnFailure: { Destination: Match.anyValue() } },
    });
  });

  test('encrypts topics, queues and the bucket, which outlives the stack', () => {
    template.allResourcesProperties('AWS::SNS::Topic', { KmsMasterKeyId: Match.anyValue() });
    template.allResourcesProperties('AWS::SQS::Queue', { SqsManagedSseEnabled: true });
    template.hasResource('AWS::S3::Bucket', {
      DeletionPolicy: 'Retain',
      Properties: { BucketEncryption: Match.anyValue(), PublicAccessBlockConfiguration: Match.anyValue() },
    });
  });

  test('gives both roads the same cluster', () => {
    const clusters = Object.values(template.findResources('AWS::Lambda::Function'))
      .map(({ Properties }) => JSON.stringify(Properties.Environment?.Variables?.CSRWATCH_CLUSTERS ?? ''))
      .filter((text) => text !== '""');
    expect(clusters).toHaveLength(2);
    for (const text of clusters) expect(text).toContain('prod');
  });

  test('sends pages to the address', () => {
    template.hasResourceProperties('AWS::SNS::Subscription', {
      Protocol: 'email',
      Endpoint: 'oncall@example.com',
    });
  });
});

describe('the operations topic', () => {
  const { template } = synthesised(quickStart);
  const alarms = Object.values(template.findResources('AWS::CloudWatch::Alarm')).map(
    ({ Properties }) => Properties,
  );
  const runbook = readFileSync(new URL('../../docs/runbook.md', import.meta.url), 'utf8');

  test('gets every alarm, whose description names a paragraph of the runbook', () => {
    const anchors = new Set(
      alarms.map(({ AlarmDescription }) => /docs\/runbook\.md#([\w-]+)$/.exec(AlarmDescription)?.[1]),
    );
    const paragraphs = [...runbook.matchAll(/^## ([\w-]+)$/gm)].map(([, title]) => title);
    expect([...anchors].sort()).toEqual(paragraphs.sort());
    for (const { AlarmActions } of alarms) expect(AlarmActions).toHaveLength(1);
  });

  test('has an alarm on rejected records of either road', () => {
    const [rejected] = alarms.filter(({ AlarmDescription }) =>
      AlarmDescription.includes('#rejected-records'),
    );
    const metrics = rejected?.Metrics.flatMap(({ MetricStat }: { MetricStat?: { Metric: object } }) =>
      MetricStat ? [MetricStat.Metric] : [],
    );
    expect(metrics).toEqual(
      ['logs', 'objects'].map((source) => ({
        Namespace: 'csrwatch',
        MetricName: 'Rejected',
        Dimensions: [{ Name: 'Source', Value: source }],
      })),
    );
  });

  test('lets CloudWatch publish, and use the key', () => {
    const service = { Service: 'cloudwatch.amazonaws.com' };
    const statement = (action: unknown) =>
      Match.objectLike({
        PolicyDocument: {
          Statement: Match.arrayWith([Match.objectLike({ Principal: service, Action: action })]),
        },
      });
    template.hasResourceProperties('AWS::SNS::TopicPolicy', statement('sns:Publish'));
    const key = Object.values(template.findResources('AWS::KMS::Key'))[0]?.Properties.KeyPolicy.Statement;
    expect(JSON.stringify(key)).toContain('cloudwatch.amazonaws.com');
  });
});

describe('the AwsSolutions checks of cdk-nag', () => {
  const checked = () => {
    const app = newApp();
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
    return app;
  };

  test.each<[string, ConfigInput]>([
    ['the quick start', quickStart],
    ['a bucket that exists', { buckets: [{ name: 'my-audit-logs', cluster: 'prod' }] }],
  ])('pass for %s', (_, input) => {
    const app = checked();
    new CsrWatchStack(app, 'csrwatch', parseConfig(input, 'test'));
    expect(() => app.synth()).not.toThrow();
  });

  test('fail for a queue that is not encrypted, so they are looked at', () => {
    const app = checked();
    const stack = new CsrWatchStack(app, 'csrwatch', parseConfig(quickStart, 'test'));
    new Queue(stack, 'Careless');
    expect(() => app.synth()).toThrow(/AwsSolutions-SQS/);
  });
});

test('two hundred log groups get one permission of the logs service', () => {
  const logGroups = Array.from({ length: 200 }, (_, index) => ({ name: `/aws/eks/c${index}/cluster` }));
  const { template } = synthesised({ logGroups });
  template.resourceCountIs('AWS::Logs::SubscriptionFilter', 200);
  template.resourceCountIs('AWS::Lambda::Permission', 1);
});

test('a group whose records a forwarder may have wrapped gets the empty pattern', () => {
  const { template } = synthesised({ logGroups: [{ name: 'kubernetes', cluster: 'prod' }] });
  template.hasResourceProperties('AWS::Logs::SubscriptionFilter', { FilterPattern: '' });
});

describe('the configuration', () => {
  test.each([
    [
      { logGroups: [{ nam: 'x' }] },
      /^f: logGroups\.0\.name: .*\(got undefined\)\nf: logGroups\.0: Unrecognized key: "nam"/,
    ],
    [{ buckets: [{}], emails: ['nobody'] }, /^f: emails\.0: Invalid email address \(got "nobody"\)$/],
    [{ buckets: [{}], lowestSeverity: 'urgent' }, /^f: lowestSeverity: .*"low".* \(got "urgent"\)$/],
    [{}, /^f: nothing is watched\./],
  ])('%j is an error that names the field and what it got', (input, message) => {
    expect(() => parseConfig(input, 'f')).toThrow(message);
  });

  test('flags say what the quick start watches', async () => {
    const flags: Record<string, string> = {
      cluster: 'prod',
      email: 'a@example.com,b@example.com',
      bucket: 'my-logs',
    };
    const config = await readConfig((name) => flags[name]);
    expect(config).toMatchObject({
      logGroups: [{ name: '/aws/eks/prod/cluster', cluster: 'prod' }],
      buckets: [{ name: 'my-logs', cluster: 'prod' }],
      emails: ['a@example.com', 'b@example.com'],
    });
  });

  test('no flag at all is the S3 road, and a log group alone needs no bucket', async () => {
    expect(await readConfig(() => undefined)).toMatchObject({ logGroups: [], buckets: [{}] });
    const config = await readConfig((name) => (name === 'logGroup' ? 'audit' : undefined));
    expect(config).toMatchObject({ logGroups: [{ name: 'audit' }], buckets: [] });
  });

  test('-c logs=false leaves the logs road out, and -c logs=perhaps is an error', async () => {
    const config = await readConfig((name) => ({ cluster: 'prod', logs: 'false' })[name]);
    expect(config.logGroups).toEqual([]);
    await expect(readConfig((name) => ({ cluster: 'prod', logs: 'perhaps' })[name])).rejects.toThrow(
      '-c logs=perhaps: it takes true or false',
    );
  });
});
