import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import type { ConfigInput } from '../../infra/config.ts';
import { longestDelaySeconds, maxReceives } from '../../lambda/triggers/retry-delay.ts';
import {
  configurations,
  quickStart,
  sourceAccount,
  sourceAccountStackOf,
  stackOf,
  templateOf,
} from './configurations.ts';

type Properties = ReturnType<Template['findResources']>[string];
const propertiesOf = (template: Template, type: string): Properties[] =>
  Object.values(template.findResources(type)).map(({ Properties }) => Properties);

const followingPattern = Match.stringLikeRegexp('^%certificatesigningrequests\\|.*\\|X509SHA256\\|.*%$');
const derivedPattern = Match.stringLikeRegexp('^\\?"certificatesigningrequests" \\?".*"$');

describe.each(Object.entries({ ...configurations, 'the quick start': quickStart }))('%s', (_, input) => {
  const template = templateOf(input);

  test('creates no log group except those of its functions and of the backfill', () => {
    for (const { LogGroupName } of propertiesOf(template, 'AWS::Logs::LogGroup')) {
      if (LogGroupName !== undefined) expect(LogGroupName).toMatch(/^\/aws\/vendedlogs\/states\/csrwatch-/);
    }
  });

  test('runs one bundle, on Node 24 and arm64, as one function per source', () => {
    const functions = propertiesOf(template, 'AWS::Lambda::Function').filter(
      ({ Handler }) => Handler === 'index.handler',
    );
    const detectors = functions.filter(
      ({ Runtime, Environment }) => Runtime === 'nodejs24.x' && 'CSRWATCH_CHANNELS' in Environment.Variables,
    );
    const sources = ['stream' in input || 'logGroups' in input, 'buckets' in input].filter(Boolean);
    expect(detectors).toHaveLength(sources.length);
    expect(new Set(detectors.map(({ Code }) => JSON.stringify(Code))).size).toBe(1);
    for (const { Architectures } of detectors) expect(Architectures).toEqual(['arm64']);
  });

  test.each([
    ['AWS::S3::Bucket', 'BucketName'],
    ['AWS::SQS::Queue', 'QueueName'],
    ['AWS::SNS::Topic', 'TopicName'],
    ['AWS::Kinesis::Stream', 'Name'],
    ['AWS::Lambda::Function', 'FunctionName'],
    ['AWS::IAM::Role', 'RoleName'],
    ['AWS::Events::Rule', 'Name'],
    ['AWS::CloudWatch::Alarm', 'AlarmName'],
  ])('leaves the name of each %s to CloudFormation', (type, key) => {
    for (const properties of propertiesOf(template, type)) expect(properties).not.toHaveProperty(key);
  });

  test('keeps what holds evidence when the stack goes', () => {
    for (const type of ['AWS::S3::Bucket', 'AWS::KMS::Key']) {
      for (const resource of Object.values(template.findResources(type))) {
        expect(resource).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
      }
    }
    const deadLetterQueue = Object.entries(template.findResources('AWS::SQS::Queue')).filter(([id]) =>
      /Failed|Undelivered/.test(id),
    );
    expect(deadLetterQueue.length).toBeGreaterThan(1);
    for (const [, { DeletionPolicy, Properties }] of deadLetterQueue) {
      expect(DeletionPolicy).toBe('Retain');
      expect(Properties.MessageRetentionPeriod).toBe(14 * 24 * 3_600);
    }
  });

  test('has outputs for the canary, the backfill, the redrive and the operator', () => {
    const outputs: Record<string, { Value: unknown }> = template.toJSON()['Outputs'];
    const withLogs = 'stream' in input || 'logGroups' in input;
    const expected = [
      'CanaryQueue',
      ...(withLogs ? ['LogsFunction', 'LogsDeadLetterQueue'] : []),
      ...('logGroups' in input ? ['WatchedLogGroups'] : []),
      ...('buckets' in input
        ? [
            'ObjectsQueue',
            'ObjectsDeadLetterQueue',
            'WatchedObjects',
            'BackfillStateMachine',
            'BackfillResults',
          ]
        : []),
      ...('buckets' in input || JSON.stringify(input).includes('"followCertificates":true')
        ? ['WatchListFunction']
        : []),
      ...('stream' in input ? ['StreamDestination'] : []),
    ];
    const topics = ['FindingsTopic', 'AlertsTopic', 'OperationsTopic'];
    const others = [...topics, 'HumanChannels', 'HumanSubscribers', 'Version'];
    expect(Object.keys(outputs).sort()).toEqual([...expected, ...others].sort());
  });

  test('gives every subscription a dead-letter queue', () => {
    for (const { RedrivePolicy } of propertiesOf(template, 'AWS::SNS::Subscription')) {
      expect(RedrivePolicy).toHaveProperty('deadLetterTargetArn');
    }
  });
});

describe('smallest', () => {
  const template = templateOf(configurations.smallest);

  test('is the S3 source with a bucket for logs, and one for results of backfills', () => {
    template.resourceCountIs('AWS::S3::Bucket', 2);
    template.resourceCountIs('AWS::Logs::SubscriptionFilter', 0);
    template.resourceCountIs('AWS::Kinesis::Stream', 0);
  });

  test('waits six times the timeout, receives a message as often as the retry delays assume, and answers for each', () => {
    template.hasResourceProperties('AWS::Lambda::Function', { Runtime: 'nodejs24.x', Timeout: 300 });
    template.hasResourceProperties('AWS::SQS::Queue', {
      VisibilityTimeout: 1_800,
      RedrivePolicy: { maxReceiveCount: maxReceives },
    });
    template.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      FunctionResponseTypes: ['ReportBatchItemFailures'],
    });
  });
});

describe('EKS only', () => {
  const template = templateOf(configurations['EKS only']);

  test("subscribes with the rules' filter, or with none if configured", () => {
    template.hasResourceProperties('AWS::Logs::SubscriptionFilter', {
      LogGroupName: '/aws/eks/prod/cluster',
      FilterPattern: derivedPattern,
    });
    template.hasResourceProperties('AWS::Logs::SubscriptionFilter', {
      LogGroupName: '/aws/eks/test/cluster',
      FilterPattern: '',
    });
    template.resourceCountIs('AWS::Logs::SubscriptionFilter', 2);
  });

  test('stores failed deliveries in its only bucket', () => {
    template.resourceCountIs('AWS::S3::Bucket', 1);
    template.hasResourceProperties('AWS::Lambda::EventInvokeConfig', {
      MaximumRetryAttempts: 2,
      DestinationConfig: {
        OnFailure: { Destination: { 'Fn::GetAtt': [Match.stringLikeRegexp('LogsFailuresBucket'), 'Arn'] } },
      },
    });
  });
});

describe('S3 only', () => {
  const template = templateOf(configurations['S3 only']);

  test('has the minimum severity in the functions, and expires objects as configured', () => {
    const [detector] = Object.values(
      template.findResources('AWS::Lambda::Function', { Properties: { Runtime: 'nodejs24.x' } }),
    );
    const channels = JSON.stringify(detector?.['Properties'].Environment.Variables.CSRWATCH_CHANNELS);
    expect(channels).toMatch(/json.*\\"low\\".*text.*\\"high\\"/);
    template.hasResourceProperties('AWS::S3::Bucket', {
      LifecycleConfiguration: {
        Rules: Match.arrayWith([Match.objectLike({ ExpirationInDays: 365, Status: 'Enabled' })]),
      },
    });
  });

  test('pages an address and a telephone', () => {
    template.hasResourceProperties('AWS::SNS::Subscription', {
      Protocol: 'email',
      Endpoint: 'oncall@example.com',
    });
    const [topic = ''] = Object.keys(template.findResources('AWS::SNS::Topic')).filter((id) =>
      id.includes('Sms'),
    );
    template.hasResourceProperties('AWS::SNS::Subscription', {
      Protocol: 'sms',
      Endpoint: '+4915112345678',
      TopicArn: { Ref: topic },
    });
  });
});

describe('imported everything', () => {
  const template = templateOf(configurations['imported everything']);

  test('creates no key, and no bucket except that of failed inputs', () => {
    template.resourceCountIs('AWS::S3::Bucket', 1);
    template.resourceCountIs('AWS::KMS::Key', 0);
  });

  test('makes neither of the topics that are given, and subscribes to them', () => {
    // pages and operations
    template.resourceCountIs('AWS::SNS::Topic', 2);
    template.hasResourceProperties('AWS::SNS::Subscription', {
      Protocol: 'sqs',
      TopicArn: 'arn:aws:sns:eu-central-1:111122223333:findings',
      RawMessageDelivery: true,
    });
  });

  test('adds its notification beside those that the bucket has, for the prefix alone', () => {
    template.hasResourceProperties('Custom::S3BucketNotifications', {
      BucketName: 'my-audit-logs',
      Managed: false,
      NotificationConfiguration: {
        QueueConfigurations: [
          Match.objectLike({ Filter: { Key: { FilterRules: [{ Name: 'prefix', Value: 'audit/' }] } } }),
        ],
      },
    });
    template.resourceCountIs('Custom::S3BucketNotifications', 1);
  });

  test('hears of the other bucket from EventBridge, with a dead-letter queue of the rule', () => {
    template.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: {
        source: ['aws.s3'],
        'detail-type': ['Object Created'],
        detail: { bucket: { name: ['my-other-logs'] } },
      },
      Targets: [Match.objectLike({ DeadLetterConfig: { Arn: Match.anyValue() } })],
    });
  });

  test('reads what the key encrypts', () => {
    template.hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Action: ['s3:GetObject', 's3:GetObjectVersion'],
            Resource: Match.arrayWith([
              { 'Fn::Join': ['', Match.arrayWith([':s3:::my-audit-logs/audit/*'])] },
            ]),
          }),
          Match.objectLike({
            Action: 'kms:Decrypt',
            Resource: configurations['imported everything'].buckets[0]?.keyArn,
          }),
        ]),
      },
    });
  });

  test("subscribes to a forwarder's log group with a filter that also delivers uses of certificates", () => {
    template.hasResourceProperties('AWS::Logs::SubscriptionFilter', {
      LogGroupName: 'kubernetes',
      FilterPattern: followingPattern,
    });
  });
});

describe('central account', () => {
  const template = templateOf(configurations['central account']);

  test('lets only the accounts and the organization subscribe', () => {
    const [destination] = propertiesOf(template, 'AWS::Logs::Destination');
    const policy = JSON.stringify(destination?.['DestinationPolicy']);
    expect(policy).toContain('222233334444');
    expect(policy).toContain('aws:PrincipalOrgID');
    expect(policy).toContain('o-exampleorgid');
  });

  test('lets CloudWatch Logs write into the stream, and nothing else', () => {
    template.hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: [
          {
            Action: 'kinesis:PutRecord',
            Effect: 'Allow',
            Resource: { 'Fn::GetAtt': [Match.anyValue(), 'Arn'] },
          },
        ],
      },
      PolicyName: Match.stringLikeRegexp('DestinationRole'),
    });
  });

  test('splits a failing batch, answers for each record, and keeps the records that fail', () => {
    template.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      BisectBatchOnFunctionError: true,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      MaximumRetryAttempts: 3,
      DestinationConfig: {
        OnFailure: { Destination: { 'Fn::GetAtt': [Match.stringLikeRegexp('LogsFailuresBucket'), 'Arn'] } },
      },
    });
    template.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: { detail: { bucket: { name: [{ Ref: Match.stringLikeRegexp('LogsFailuresBucket') }] } } },
      Targets: [
        Match.objectLike({
          Arn: { 'Fn::GetAtt': [Match.stringLikeRegexp('LogsFailuresDeadLetterQueue'), 'Arn'] },
        }),
      ],
    });
  });

  test('costs one shard', () => {
    template.hasResourceProperties('AWS::Kinesis::Stream', {
      ShardCount: 1,
      StreamEncryption: Match.anyValue(),
    });
  });
});

describe('a source account', () => {
  const template = Template.fromStack(sourceAccountStackOf(sourceAccount));

  test("sends its log groups to the destination, with the rules' filter", () => {
    const filters = propertiesOf(template, 'AWS::Logs::SubscriptionFilter');
    expect(filters.map(({ DestinationArn }) => DestinationArn)).toEqual(
      Array.from({ length: 2 }, () => sourceAccount.destinationArn),
    );
    template.hasResourceProperties('AWS::Logs::SubscriptionFilter', {
      LogGroupName: '/aws/eks/prod/cluster',
      FilterPattern: derivedPattern,
    });
    template.hasResourceProperties('AWS::Logs::SubscriptionFilter', {
      LogGroupName: 'kubernetes',
      FilterPattern: followingPattern,
    });
  });

  test('has a role for CloudWatch Logs if the destination admits an organization, and none otherwise', () => {
    template.resourceCountIs('AWS::IAM::Role', 2);
    template.allResources('AWS::Logs::SubscriptionFilter', {
      DependsOn: Match.arrayWith([Match.stringLikeRegexp('^SenderDefaultPolicy')]),
      Properties: { RoleArn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^Sender'), 'Arn'] } },
    });
    const alone = Template.fromStack(sourceAccountStackOf({ ...sourceAccount, organization: false }));
    alone.resourceCountIs('AWS::IAM::Role', 1);
    alone.allResourcesProperties('AWS::Logs::SubscriptionFilter', { RoleArn: Match.absent() });
  });
});

describe('everything on', () => {
  const template = templateOf(configurations['everything on']);

  test('lets several channels of one rendering have bars of their own', () => {
    const [detector] = propertiesOf(template, 'AWS::Lambda::Function').filter(
      ({ Runtime }) => Runtime === 'nodejs24.x',
    );
    const text = JSON.stringify(detector?.['Environment']);
    const channels = [...text.matchAll(/rendering\\+":\\+"(\w+).*?minSeverity\\+":\\+"(\w+)/g)].map(
      ([, rendering, bar]) => `${rendering} from ${bar} on`,
    );
    expect(channels).toEqual([
      'json from low on',
      'text from medium on',
      'text from high on',
      'text from critical on',
      'chat from low on',
      'alarm from high on',
      'json from low on',
    ]);
  });

  test('reads the URL of a pager from Secrets Manager while deploying', () => {
    template.hasResourceProperties('AWS::SNS::Subscription', {
      Protocol: 'https',
      Endpoint: '{{resolve:secretsmanager:csrwatch/pager-url:SecretString:::}}',
    });
  });

  test('bounds how many objects are read at once', () => {
    template.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      ScalingConfig: { MaximumConcurrency: 30 },
    });
  });

  test.each([
    [undefined, 20],
    [8, 8],
    [1, 2],
    [100, 20],
  ])('bounds it by default, with a reserved concurrency of %s', (objects, limit) => {
    const reserved = objects === undefined ? {} : { reservedConcurrency: { objects } };
    templateOf({ buckets: [{}], ...reserved }).hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      ScalingConfig: { MaximumConcurrency: limit },
    });
  });

  test('has a role that CloudWatch Logs takes on for the accounts of the stream alone', () => {
    const [role] = Object.entries(template.findResources('AWS::IAM::Role')).filter(([id]) =>
      /StreamDestinationRole/.test(id),
    );
    const condition = JSON.stringify(role?.[1]['Properties'].AssumeRolePolicyDocument.Statement[0].Condition);
    expect(condition).toMatch(/^\{"StringLike":\{"aws:SourceArn":.*:222233334444:\*/);
  });

  test('has a stream that AWS scales', () => {
    template.hasResourceProperties('AWS::Kinesis::Stream', {
      StreamModeDetails: { StreamMode: 'ON_DEMAND' },
    });
  });
});

describe('a log group with followCertificates', () => {
  test('of EKS is an error: it issues no login certificates', () => {
    const logGroups = [{ name: '/aws/eks/prod/cluster', followCertificates: true }];
    expect(() => templateOf({ logGroups })).toThrow(
      'logGroups: /aws/eks/prod/cluster: followCertificates is not for EKS, which issues no login certificates',
    );
    expect(() => sourceAccountStackOf({ ...sourceAccount, logGroups })).toThrow(
      'followCertificates is not for',
    );
  });

  test('and filter none has no filter', () => {
    const template = templateOf({
      logGroups: [{ name: 'kubernetes', filter: 'none', followCertificates: true }],
    });
    template.hasResourceProperties('AWS::Logs::SubscriptionFilter', { FilterPattern: '' });
  });

  test('delivers no more than the others if the rule about uses is disabled', () => {
    const template = templateOf({
      logGroups: [{ name: 'kubernetes', followCertificates: true }],
      disabledRules: ['kubernetes-issued-certificate-used'],
    });
    template.hasResourceProperties('AWS::Logs::SubscriptionFilter', { FilterPattern: derivedPattern });
  });
});

describe('rules without a filter', () => {
  test('every log event is delivered, and synthesis prints why', () => {
    const rule = join(mkdtempSync(join(tmpdir(), 'csrwatch-stack-')), 'broad.toml');
    writeFileSync(
      rule,
      '[rule]\nname = "B"\nrule_id = "broad"\nseverity = "low"\nquery = "not user.name:x"\n',
    );
    const input = { logGroups: [{ name: '/aws/eks/prod/cluster' }], rules: [rule] };
    const stack = stackOf(input);
    Annotations.fromStack(stack).hasWarning('*', Match.stringLikeRegexp('every event that broad can match'));
    Template.fromStack(stack).hasResourceProperties('AWS::Logs::SubscriptionFilter', { FilterPattern: '' });
    const asked = stackOf({ ...input, logGroups: [{ name: 'kubernetes', filter: 'none' }] });
    Annotations.fromStack(asked).hasNoWarning('*', Match.stringLikeRegexp('broad'));
  });
});

describe('many log groups', () => {
  const groups = (length: number) =>
    Array.from({ length }, (_, index) => ({ name: `/aws/eks/c${index}/cluster` }));

  test('of which two hundred get one permission of the logs service', () => {
    const template = templateOf({ logGroups: groups(200) });
    template.resourceCountIs('AWS::Logs::SubscriptionFilter', 200);
    const permissions = template.findResources('AWS::Lambda::Permission', {
      Properties: { Principal: 'logs.amazonaws.com', SourceAccount: { Ref: 'AWS::AccountId' } },
    });
    expect(Object.keys(permissions)).toHaveLength(1);
  });

  test('more than a stack can hold: an error that states what to do', () => {
    expect(() => templateOf({ logGroups: groups(291) })).toThrow(
      'logGroups: 291 log groups; a stack can subscribe to 290. Split them over several stacks',
    );
  });

  test('290 fit into a stack with a canary and a backfill, within the limits of AWS', () => {
    const length = 290;
    const template = templateOf({
      logGroups: groups(length),
      buckets: [{ name: 'my-audit-logs' }],
      emails: ['oncall@example.com'],
      canarySchedule: 'rate(1 day)',
    });
    const resources = Object.values<{ Type: string; Properties: Properties }>(template.toJSON()['Resources']);
    expect(resources.length).toBeLessThanOrEqual(500);
    expect(Object.keys(template.toJSON()['Outputs']).length).toBeLessThanOrEqual(200);
    const targets = propertiesOf(template, 'AWS::Events::Rule').flatMap(({ Targets }) => Targets);
    const inputs = targets.flatMap(({ Input }: { Input?: string }) => Input ?? []);
    expect(inputs.flatMap((input) => JSON.parse(input).sources)).toHaveLength(length + 1);
    for (const input of inputs) expect(JSON.stringify(input).length).toBeLessThanOrEqual(8_192);
    for (const { Environment } of propertiesOf(template, 'AWS::Lambda::Function')) {
      expect(JSON.stringify(Environment ?? {}).length).toBeLessThanOrEqual(4_096);
    }
    // a role's own policy has room for all of it
    template.resourceCountIs('AWS::IAM::ManagedPolicy', 0);
  });

  test("with names that don't fit Lambda's environment are an error that says what to do", () => {
    const logGroups = Array.from({ length: 150 }, (_, index) => ({
      name: `kubernetes-audit-logs-${index}`,
      cluster: `production-${index}`,
    }));
    expect(() => templateOf({ logGroups })).toThrow(
      /^csrwatch\/CsrWatch\/Logs\/Detector: channels and names of clusters take \d+ bytes, and Lambda's environment 4096\./,
    );
  });

  test("with clusters that their names say take no room in Lambda's environment", () => {
    const logGroups = groups(200).map(({ name }, index) => ({ name, cluster: `c${index}` }));
    expect(() => templateOf({ logGroups })).not.toThrow();
  });

  test("never include the stack's own", () => {
    expect(() => templateOf({ logGroups: [{ name: '/aws/lambda/csrwatch-Detector' }] })).toThrow(
      'logGroups: /aws/lambda/csrwatch-Detector is a log group of csrwatch itself, which would read its own log',
    );
  });
});

describe('the operations topic', () => {
  const descriptions = (input: ConfigInput) =>
    Object.values(templateOf(input).findResources('AWS::CloudWatch::Alarm')).map(
      ({ Properties }) => Properties.AlarmDescription,
    );

  test('has a no-data alarm for a log group, and none for a bucket that nothing writes to yet', () => {
    expect(descriptions(quickStart)).toContainEqual(
      expect.stringMatching(
        /^csrwatch: no audit event has arrived from \/aws\/eks\/prod\/cluster for 30 minutes/,
      ),
    );
    expect(descriptions(quickStart)).not.toContainEqual(expect.stringContaining('#bucket-no-data'));
    expect(descriptions(configurations['imported everything'])).toContainEqual(
      expect.stringMatching(/^csrwatch: no audit log of the bucket my-other-logs has been read for 24 hours/),
    );
  });

  test('hears of silence after the time, and with the runbook, that are configured', () => {
    const own = {
      logGroups: [{ name: '/aws/eks/prod/cluster' }],
      buckets: [{}],
      noDataAlarmMinutes: 0,
      noObjectsAlarmHours: 6,
      runbook: 'https://wiki.example.com/csrwatch',
    };
    for (const description of descriptions(own))
      expect(JSON.stringify(description)).toMatch(
        // the name of a bucket that the stack creates is a reference
        /What to do: https:\/\/wiki\.example\.com\/csrwatch#[\w-]+"/,
      );
    templateOf(own).resourceCountIs('AWS::Logs::MetricFilter', 0);
    templateOf(own).hasResourceProperties('AWS::CloudWatch::Alarm', {
      MetricName: 'Objects',
      EvaluationPeriods: 6,
    });
  });

  test('has alarms on records that wait in the stream and on undelivered alerts', () => {
    const template = templateOf(configurations['central account']);
    template.hasResourceProperties('AWS::CloudWatch::Alarm', { MetricName: 'IteratorAge' });
    expect(descriptions(configurations['central account'])).toContainEqual(
      expect.stringContaining('#undelivered-alerts'),
    );
  });
});

test('reserved concurrency is given to the function that it is configured for, and to no other', () => {
  const reserved = propertiesOf(
    templateOf({ ...quickStart, reservedConcurrency: { objects: 20 } }),
    'AWS::Lambda::Function',
  ).flatMap(({ ReservedConcurrentExecutions: value, Description }) => (value ? [[value, Description]] : []));
  expect(reserved).toEqual([[20, expect.stringContaining('events of objects')]]);
  templateOf(quickStart).resourcePropertiesCountIs(
    'AWS::Lambda::Function',
    { ReservedConcurrentExecutions: Match.anyValue() },
    0,
  );
});

test('a failed message may be delivered as often as its delays take four hours, within the visibility timeout', () => {
  templateOf(quickStart).hasResourceProperties('AWS::SQS::Queue', {
    VisibilityTimeout: longestDelaySeconds,
    RedrivePolicy: { maxReceiveCount: maxReceives },
  });
  const actions = propertiesOf(templateOf(quickStart), 'AWS::IAM::Policy')
    .filter(({ PolicyName }) => PolicyName.includes('ObjectsDetector'))
    .flatMap(({ PolicyDocument }) => PolicyDocument.Statement)
    .filter(({ Resource }) => JSON.stringify(Resource).includes('ObjectsQueue'))
    .flatMap(({ Action }) => Action);
  expect(actions).toEqual(expect.arrayContaining(['sqs:ChangeMessageVisibility', 'sqs:GetQueueUrl']));
});
