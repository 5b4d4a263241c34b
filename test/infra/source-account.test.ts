import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import {
  configurations,
  independentSourceAccount,
  sourceAccount,
  sourceAccountStackOf,
  templateOf,
} from './configurations.ts';
import { matchesPattern, withNames } from './event-pattern.ts';

const forwarding = Template.fromStack(sourceAccountStackOf(sourceAccount));
const independent = Template.fromStack(sourceAccountStackOf(independentSourceAccount));
const central = templateOf(configurations['central account']);

const valuesOf = (template: Template, type: string) =>
  Object.values(template.findResources(type)).map(({ Properties }) => Properties);
const forwarderPattern = {
  'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':iam::*:role/csrwatch/*']],
};

describe.each([
  ['that forwards', forwarding],
  ['with a topic of its own', independent],
])('a source account %s', (_, template) => {
  test('has alarms on missing audit events of each log group, on delivery and on tamper alerts', () => {
    const anchors = valuesOf(template, 'AWS::CloudWatch::Alarm').map(
      ({ AlarmDescription }) => /#([\w-]+)$/.exec(AlarmDescription)?.[1],
    );
    expect(anchors.sort()).toEqual([
      'delivery-errors',
      'delivery-throttling',
      'log-group-no-data',
      'log-group-no-data',
      'undelivered-tamper-alerts',
    ]);
  });

  test('watches the delivery of its own subscription filters', () => {
    const names = new Set(
      valuesOf(template, 'AWS::Logs::SubscriptionFilter').map(({ FilterName }) => FilterName),
    );
    expect(names.size).toBe(1);
    expect(JSON.stringify(valuesOf(template, 'AWS::CloudWatch::Alarm'))).toContain(
      `FilterName = '${[...names][0]}'`,
    );
  });

  test.each([
    ['logs', 'DeleteSubscriptionFilter', { logGroupName: '/aws/eks/prod/cluster' }, 1],
    ['logs', 'PutTransformer', { logGroupIdentifier: 'kubernetes' }, 1],
    ['logs', 'DeleteSubscriptionFilter', { logGroupName: 'other' }, 0],
    ['eks', 'DeleteCluster', { name: 'prod' }, 1],
    ['cloudtrail', 'StopLogging', { name: 'management' }, 1],
    ['lambda', 'DeleteFunction20150331', { functionName: 'other' }, 0],
  ])('raises for %s %s %j this many tamper alerts: %i', (service, eventName, requestParameters, alerts) => {
    const event = {
      'detail-type': 'AWS API Call via CloudTrail',
      source: `aws.${service}`,
      detail: { eventSource: `${service}.amazonaws.com`, eventName, readOnly: false, requestParameters },
    };
    const patterns = valuesOf(template, 'AWS::Events::Rule').map(({ EventPattern }) =>
      withNames(EventPattern),
    );
    expect(patterns.filter((pattern) => matchesPattern(pattern, event))).toHaveLength(alerts);
  });

  test('can be deployed to an account without bootstrap', () => {
    const { Parameters, Rules } = template.toJSON();
    expect({ Parameters, Rules }).toEqual({});
    expect(JSON.stringify(template.toJSON())).not.toMatch(/cdk-hnb659fds|BootstrapVersion/);
    for (const type of ['AWS::Lambda::Function', 'AWS::CloudFormation::Stack']) {
      template.resourceCountIs(type, 0);
    }
  });
});

describe('a source account that forwards', () => {
  test('sends alarms and tamper alerts to the central topic, the latter with a role below /csrwatch/', () => {
    const { operationsTopicArn } = sourceAccount;
    for (const { AlarmActions } of valuesOf(forwarding, 'AWS::CloudWatch::Alarm')) {
      expect(AlarmActions).toEqual([operationsTopicArn]);
    }
    const targets = valuesOf(forwarding, 'AWS::Events::Rule').flatMap(({ Targets }) => Targets);
    expect(targets.length).toBeGreaterThan(5);
    for (const target of targets) {
      expect(target).toMatchObject({
        Arn: operationsTopicArn,
        RoleArn: { 'Fn::GetAtt': [expect.stringMatching(/^OperationsForwarder/), 'Arn'] },
        DeadLetterConfig: {},
        InputTransformer: {},
      });
    }
    forwarding.hasResourceProperties('AWS::IAM::Role', { Path: '/csrwatch/' });
    forwarding.resourceCountIs('AWS::SNS::Topic', 0);
  });
});

describe('the central account', () => {
  const statements = valuesOf(central, 'AWS::SNS::TopicPolicy').flatMap(
    ({ PolicyDocument }) => PolicyDocument.Statement,
  );
  const keyStatements = valuesOf(central, 'AWS::KMS::Key').flatMap(({ KeyPolicy }) => KeyPolicy.Statement);
  const { accounts, organization } = configurations['central account'].stream;

  test.each([
    ['the topic', statements],
    ['the key', keyStatements],
  ])('%s admits alarms and forwarders of the source accounts and no others', (_, found) => {
    const admitted = found.filter(
      ({ Effect, Condition }: { Effect: string; Condition?: object }) =>
        Effect === 'Allow' &&
        /222233334444|PrincipalOrgID|SourceOrgID|role.csrwatch/.test(JSON.stringify(Condition ?? {})),
    );
    expect(
      admitted.map(({ Principal, Condition }: Record<string, unknown>) => ({ Principal, Condition })),
    ).toEqual(
      [
        {
          Principal: { Service: 'cloudwatch.amazonaws.com' },
          Condition: { StringEquals: { 'aws:SourceAccount': accounts } },
        },
        {
          Principal: { AWS: accounts },
          Condition: { ArnLike: { 'aws:PrincipalArn': forwarderPattern } },
        },
        {
          Principal: { Service: 'cloudwatch.amazonaws.com' },
          Condition: { StringEquals: { 'aws:SourceOrgID': organization } },
        },
        {
          Principal: '*',
          Condition: {
            ArnLike: { 'aws:PrincipalArn': forwarderPattern },
            StringEquals: { 'aws:PrincipalOrgID': organization },
          },
        },
      ].map((item) => expect.objectContaining(item)),
    );
  });

  test('denies publishing to roles of its own except the detectors, also below /csrwatch/', () => {
    expect(statements).toContainEqual(
      expect.objectContaining({
        Sid: 'NotThisAccount',
        Effect: 'Deny',
        Condition: {
          Bool: { 'aws:PrincipalIsAWSService': 'false' },
          StringEquals: { 'aws:PrincipalAccount': { Ref: 'AWS::AccountId' } },
          // the detectors, and no pattern
          ArnNotLike: {
            'aws:PrincipalArn': [
              { 'Fn::GetAtt': [expect.stringMatching(/^CsrWatch(?:Logs|Objects)DetectorRole/), 'Arn'] },
            ],
          },
        },
      }),
    );
  });
});

test('a source account whose alarms no person gets is a warning', () => {
  const { emails: _, ...silent } = independentSourceAccount;
  Annotations.fromStack(sourceAccountStackOf(silent)).hasWarning(
    '*',
    Match.stringLikeRegexp('^no person gets the alarms of this account'),
  );
});

test.each([
  [{ ...sourceAccount, emails: ['a@example.com'] }, /emails: it applies to a topic that is created here/],
  [
    { ...sourceAccount, operationsTopicArn: 'arn:aws:sns:us-east-1:111122223333:t' },
    /operationsTopicArn: expected a topic in the region of destinationArn/,
  ],
])('a configuration that cannot work is an error: %j', (input, message) => {
  expect(() => sourceAccountStackOf(input)).toThrow(message);
});
