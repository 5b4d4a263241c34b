import { Lazy } from 'aws-cdk-lib';
import { PolicyDocument } from 'aws-cdk-lib/aws-iam';
import { onlyRoles } from './role-only.ts';

/** Data events of CloudTrail, which raise no tamper alert. */
const writingItems = [
  'dynamodb:PutItem',
  'dynamodb:UpdateItem',
  'dynamodb:DeleteItem',
  'dynamodb:BatchWriteItem',
  'dynamodb:PartiQLInsert',
  'dynamodb:PartiQLUpdate',
  'dynamodb:PartiQLDelete',
];

/**
 * The policy of a table that only detectors write to.
 * @param roleArns - of the detectors: read when the template is written
 */
export function onlyDetectorsWrite(roleArns: () => string[]): PolicyDocument {
  return new PolicyDocument({
    statements: [
      // a table's policy may name the table only by a wildcard: its own ARN would be a circular reference
      onlyRoles('OnlyDetectorsWrite', Lazy.list({ produce: roleArns }), writingItems, '*'),
    ],
  });
}
