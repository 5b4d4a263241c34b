import { App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Bucket, type IBucket } from 'aws-cdk-lib/aws-s3';
import { expect, test } from 'vitest';
import { Backfill } from '../../infra/backfill.ts';
import { backfillDefinition } from '../../infra/backfill-definition.ts';
import { templateOf } from './configurations.ts';

function synthesised(results?: (stack: Stack) => IBucket): Template {
  const stack = new Stack(new App(), 'stack');
  const detector = new LambdaFunction(stack, 'Detector', {
    runtime: Runtime.NODEJS_24_X,
    handler: 'index.handler',
    code: Code.fromInline('-'),
  });
  new Backfill(stack, 'Backfill', {
    detector,
    places: [{ bucket: Bucket.fromBucketName(stack, 'Watched', 'my-audit-logs'), prefix: 'audit/' }],
    results: results?.(stack),
    logRetention: RetentionDays.ONE_WEEK,
  });
  return Template.fromStack(stack);
}

test('every object below the prefix is one execution, at the concurrency and tolerance of the input', () => {
  const given = (name: string) => `{% $states.input.${name} %}`;
  expect(
    backfillDefinition({
      partition: 'aws-cn',
      detectorArn: 'arn',
      resultsBucket: 'results',
      resultsPrefix: 'backfill',
    }),
  ).toMatchObject({
    QueryLanguage: 'JSONata',
    States: {
      EveryObject: {
        ItemReader: {
          Resource: 'arn:aws-cn:states:::s3:listObjectsV2',
          Arguments: { Bucket: given('bucket'), Prefix: given('prefix') },
        },
        ItemSelector: { formatVersion: 1, bucket: given('bucket'), alerts: given('alerts') },
        MaxConcurrency: given('concurrency'),
        ToleratedFailurePercentage: given('toleratedFailurePercentage'),
        ItemProcessor: { ProcessorConfig: { Mode: 'DISTRIBUTED' } },
      },
    },
  });
});

test('the machine may list the watched buckets, invoke the detector, write its results and start itself', () => {
  const template = synthesised();
  const statements = Object.values(template.findResources('AWS::IAM::Policy'))
    .filter(({ Properties }) => JSON.stringify(Properties.Roles).includes('BackfillRole'))
    .flatMap(({ Properties }) => Properties.PolicyDocument.Statement);
  const resourceOf = (action: string) =>
    statements.find(({ Action }) => [Action].flat().includes(action))?.Resource;
  expect(JSON.stringify(resourceOf('s3:ListBucket'))).toMatch(/:s3:::my-audit-logs"\]\]\}$/);
  expect(resourceOf('lambda:InvokeFunction')).toEqual({
    'Fn::GetAtt': [expect.stringMatching(/^Detector/), 'Arn'],
  });
  expect(JSON.stringify(resourceOf('s3:PutObject'))).toContain('/backfill/*');
  expect(resourceOf('states:StartExecution')).toEqual({
    Ref: expect.stringMatching(/^BackfillStateMachine/),
  });
});

test('results are kept when the stack goes', () => {
  synthesised().hasResource('AWS::S3::Bucket', {
    DeletionPolicy: 'Retain',
    Properties: { BucketEncryption: Match.anyValue(), PublicAccessBlockConfiguration: Match.anyValue() },
  });
});

test('results may go into an encrypted bucket of yours, by its key', () => {
  const keyArn = 'arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';
  const template = synthesised((stack) =>
    Bucket.fromBucketAttributes(stack, 'Given', {
      bucketName: 'my-results',
      encryptionKey: Key.fromKeyArn(stack, 'Key', keyArn),
    }),
  );
  template.resourceCountIs('AWS::S3::Bucket', 0);
  template.hasResourceProperties('AWS::IAM::Policy', {
    PolicyDocument: {
      Statement: Match.arrayWith([
        Match.objectLike({ Action: ['kms:GenerateDataKey', 'kms:Decrypt'], Resource: keyArn }),
      ]),
    },
  });
});

test.each([
  ['', false],
  ['back', false],
  ['backfill/', false],
  ['audit/', true],
])('results may lie in a bucket that is watched below %j: %s', (prefix, may) => {
  const configured = () =>
    templateOf({
      buckets: [{ name: 'my-audit-logs', prefix: prefix || undefined }],
      backfillResults: 'my-audit-logs',
    });
  if (may) expect(configured).not.toThrow();
  else expect(configured).toThrow(/^backfillResults: my-audit-logs is watched below "/);
});

test('a machine keeps its log as long as the functions do', () => {
  synthesised().hasResourceProperties('AWS::Logs::LogGroup', { RetentionInDays: 7 });
});
