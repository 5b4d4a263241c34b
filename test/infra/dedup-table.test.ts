import { App } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { parseConfig } from '../../infra/config.ts';
import { CsrWatchStack } from '../../infra/stack.ts';

const app = new App({ context: { 'aws:cdk:bundling-stacks': [] }, analyticsReporting: false });
const config = parseConfig({ logGroups: [{ name: '/aws/eks/prod/cluster' }], buckets: [{}] }, 'test');
const template = Template.fromStack(new CsrWatchStack(app, 'csrwatch', config));
const [tableId = ''] = Object.keys(template.findResources('AWS::DynamoDB::Table'));

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
      .filter((statement) => JSON.stringify(statement).includes('dynamodb:'));
    expect(statements).toHaveLength(2);
    for (const { Action, Effect, Resource } of statements) {
      expect({ Action, Effect, Resource }).toEqual({
        Action: ['dynamodb:PutItem', 'dynamodb:GetItem', 'dynamodb:DeleteItem'],
        Effect: 'Allow',
        Resource: { 'Fn::GetAtt': [tableId, 'Arn'] },
      });
    }
  });
});
