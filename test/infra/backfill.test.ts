import { App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { expect, test } from 'vitest';
import { Backfill } from '../../infra/backfill.ts';
import { backfillDefinition } from '../../infra/backfill-definition.ts';

function synthesised(): Template {
  const stack = new Stack(new App(), 'stack');
  const detector = new LambdaFunction(stack, 'Detector', {
    runtime: Runtime.NODEJS_24_X,
    handler: 'index.handler',
    code: Code.fromInline('-'),
  });
  const buckets = [Bucket.fromBucketName(stack, 'Watched', 'my-audit-logs')];
  new Backfill(stack, 'Backfill', { detector, buckets });
  return Template.fromStack(stack);
}

test('every object below the prefix is one execution, at the concurrency and tolerance of the input', () => {
  const given = (name: string) => `{% $states.input.${name} %}`;
  expect(backfillDefinition()).toMatchObject({
    QueryLanguage: 'JSONata',
    States: {
      EveryObject: {
        ItemReader: {
          Resource: 'arn:aws:states:::s3:listObjectsV2',
          Arguments: { Bucket: given('bucket'), Prefix: given('prefix') },
        },
        ItemSelector: { bucket: given('bucket'), pages: given('pages') },
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
