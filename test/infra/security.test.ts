import { readFileSync } from 'node:fs';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import {
  configurations,
  independentSourceAccount,
  quickStart,
  sourceAccount,
  sourceAccountStackOf,
  templateOf,
} from './configurations.ts';
import { permissionsOf } from './permissions.ts';

const page = readFileSync(new URL('../../docs/security.md', import.meta.url), 'utf8');
const templates = [
  ...Object.values(configurations).map((input) => templateOf(input)),
  Template.fromStack(sourceAccountStackOf(sourceAccount)),
  Template.fromStack(sourceAccountStackOf(independentSourceAccount)),
];

test('docs/security.md lists every permission of the templates with its reason, and no other', () => {
  const rows = [...page.matchAll(/^\| (.+?) \| (.+?) \| (.+?) \| (.+?) \|$/gm)].flatMap(([, ...cells]) =>
    cells[0] === 'who' || cells[0] === '---' ? [] : [cells.slice(0, 3).join(' | ')],
  );
  const there = new Set(
    templates.flatMap(permissionsOf).map(({ who, may, on }) => `${who} | ${may} | ${on}`),
  );
  const missing = [...there].filter((row) => !rows.includes(row)).sort();
  const unknown = rows.filter((row) => !there.has(row)).sort();
  expect({ missing, unknown }, 'correct the table of docs/security.md').toEqual({ missing: [], unknown: [] });
});

describe('every configuration', () => {
  test.each(Object.entries(configurations))(
    '%s encrypts topics, queues, buckets and the stream',
    (_, input) => {
      const template = templateOf(input);
      const all = (type: string) =>
        Object.values(template.findResources(type)).map(({ Properties }) => Properties);
      for (const topic of all('AWS::SNS::Topic')) expect(topic).toHaveProperty('KmsMasterKeyId');
      for (const queue of all('AWS::SQS::Queue')) {
        expect(queue.SqsManagedSseEnabled ?? queue.KmsMasterKeyId).toBeTruthy();
      }
      for (const bucket of all('AWS::S3::Bucket')) {
        expect(bucket).toHaveProperty('BucketEncryption');
        expect(bucket.PublicAccessBlockConfiguration).toEqual({
          BlockPublicAcls: true,
          BlockPublicPolicy: true,
          IgnorePublicAcls: true,
          RestrictPublicBuckets: true,
        });
      }
      for (const stream of all('AWS::Kinesis::Stream')) expect(stream).toHaveProperty('StreamEncryption');
    },
  );

  test.each(Object.entries(configurations))('%s refuses whoever comes without TLS', (_, input) => {
    const template = templateOf(input);
    const kinds = [
      ['AWS::SNS::Topic', 'AWS::SNS::TopicPolicy'],
      ['AWS::SQS::Queue', 'AWS::SQS::QueuePolicy'],
      ['AWS::S3::Bucket', 'AWS::S3::BucketPolicy'],
    ] as const;
    for (const [type, policies] of kinds) {
      const refusals = JSON.stringify(
        Object.values(template.findResources(policies)).flatMap(({ Properties }) =>
          Properties.PolicyDocument.Statement.filter(
            ({ Effect, Condition }: { Effect: string; Condition?: object }) =>
              Effect === 'Deny' && JSON.stringify(Condition).includes('"aws:SecureTransport":"false"'),
          ),
        ),
      );
      for (const id of Object.keys(template.findResources(type))) expect(refusals).toContain(`"${id}"`);
    }
  });

  test.each(Object.entries(configurations))('%s holds no secret in a function', (_, input) => {
    const functions = templateOf(input).findResources('AWS::Lambda::Function');
    const variables = Object.values(functions).map(
      ({ Properties }) => Properties.Environment?.Variables ?? {},
    );
    const names = new Set(variables.flatMap(Object.keys));
    for (const name of names)
      expect(name).toMatch(
        /^CSRWATCH_(CANARY_QUEUE|CHANNELS|CLUSTERS|OPERATIONS_TOPIC|SUMMARY_SECONDS|TABLE|WATCH_LIST_TABLE)$/,
      );
    expect(JSON.stringify(variables)).not.toContain('{{resolve:');
  });
});

describe('a topic of findings', () => {
  const template = templateOf(quickStart);

  test('denies publishing to everybody but the detectors, whatever IAM says', () => {
    const policies = Object.values(template.findResources('AWS::SNS::TopicPolicy'));
    const denied = policies.flatMap(({ Properties }) =>
      Properties.PolicyDocument.Statement.filter(
        ({ Sid }: { Sid: string }) => Sid === 'OnlyDetectorsPublish',
      ),
    );
    expect(denied).toHaveLength(2);
    for (const statement of denied) {
      expect(statement).toMatchObject({
        Effect: 'Deny',
        Principal: '*',
        Action: 'sns:Publish',
        Condition: {
          ArnNotEquals: {
            'aws:PrincipalArn': [
              { 'Fn::GetAtt': [expect.stringMatching(/^CsrWatchLogsDetectorRole/), 'Arn'] },
              { 'Fn::GetAtt': [expect.stringMatching(/^CsrWatchObjectsDetectorRole/), 'Arn'] },
            ],
          },
        },
      });
    }
  });
});

describe('the operations topic', () => {
  test("denies publishing to all but AWS's services and the detectors, and allows CloudWatch of this account", () => {
    templateOf(quickStart).hasResourceProperties('AWS::SNS::TopicPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Sid: 'OnlyServicesAndDetectors',
            Effect: 'Deny',
            Condition: {
              Bool: { 'aws:PrincipalIsAWSService': 'false' },
              ArnNotLike: {
                'aws:PrincipalArn': [
                  { 'Fn::GetAtt': [Match.stringLikeRegexp('^CsrWatchLogsDetectorRole'), 'Arn'] },
                  { 'Fn::GetAtt': [Match.stringLikeRegexp('^CsrWatchObjectsDetectorRole'), 'Arn'] },
                ],
              },
            },
          }),
          Match.objectLike({
            Effect: 'Allow',
            Principal: { Service: 'cloudwatch.amazonaws.com' },
            Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
          }),
        ]),
      },
    });
  });
});
