import { App } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { parseConfig } from '../../infra/config.ts';
import { CsrWatchStack } from '../../infra/stack.ts';

const app = new App({ context: { 'aws:cdk:bundling-stacks': [] }, analyticsReporting: false });
const config = parseConfig({ logGroups: [{ name: '/aws/eks/prod/cluster' }], buckets: [{}] }, 'test');
const template = Template.fromStack(new CsrWatchStack(app, 'csrwatch', config));
const [tableId = ''] = Object.keys(template.findResources('AWS::DynamoDB::Table')).filter((id) =>
  id.includes('Dedup'),
);

describe('the deduplication table', () => {
  test('is encrypted, costs nothing when idle, and deletes expired items', () => {
    template.hasResource('AWS::DynamoDB::Table', {
      DeletionPolicy: 'Delete',
      Properties: {
        KeySchema: [{ AttributeName: 'alert', KeyType: 'HASH' }],
        BillingMode: 'PAY_PER_REQUEST',
        SSESpecification: { SSEEnabled: true },
        TimeToLiveSpecification: { AttributeName: 'expires', Enabled: true },
      },
    });
  });

  test('is passed to both detectors', () => {
    const detectors = template.findResources('AWS::Lambda::Function', {
      Properties: { Environment: { Variables: { CSRWATCH_CHANNELS: Match.anyValue() } } },
    });
    const tables = Object.values(detectors).map(
      ({ Properties }) => Properties.Environment.Variables.CSRWATCH_TABLE,
    );
    expect(tables).toEqual([{ Ref: tableId }, { Ref: tableId }]);
  });

  test('is written and read item by item, and not otherwise', () => {
    const statements = Object.values(template.findResources('AWS::IAM::Policy'))
      .flatMap(({ Properties }) => Properties.PolicyDocument.Statement)
      .filter((statement) => JSON.stringify(statement).includes(`"${tableId}"`));
    const allowed = statements.map(({ Action, Effect, Resource }) => ({ Action, Effect, Resource }));
    const arn = { 'Fn::GetAtt': [tableId, 'Arn'] };
    const items = {
      Action: ['dynamodb:PutItem', 'dynamodb:GetItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem'],
      Effect: 'Allow',
      Resource: arn,
    };
    const index = {
      Action: 'dynamodb:Query',
      Effect: 'Allow',
      Resource: { 'Fn::Join': ['', [arn, '/index/DueWindows']] },
    };
    expect(allowed).toEqual([items, index, items, index]);
  });

  test('has a sparse index of the windows whose summary is due', () => {
    template.hasResourceProperties('AWS::DynamoDB::Table', {
      GlobalSecondaryIndexes: [
        {
          IndexName: 'DueWindows',
          KeySchema: [
            { AttributeName: 'dueIndex', KeyType: 'HASH' },
            { AttributeName: 'endsMs', KeyType: 'RANGE' },
          ],
          Projection: { ProjectionType: 'KEYS_ONLY' },
        },
      ],
    });
  });

  test('is read every minute by one function, which sends the summaries that are due', () => {
    template.hasResourceProperties('AWS::Events::Rule', {
      ScheduleExpression: 'rate(1 minute)',
      Targets: [Match.objectLike({ RetryPolicy: { MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: 60 } })],
    });
  });
});
