import { Effect, PolicyStatement, StarPrincipal } from 'aws-cdk-lib/aws-iam';

/**
 * A statement of a resource policy that denies actions to every caller but some roles and AWS's own services. It is a denial
 * because the policy of a resource cannot otherwise keep out a caller whom IAM of the same account allows. The condition
 * contains ARNs: a role that is deleted and created again is let in again.
 */
export function onlyRoles(
  sid: string,
  roleArns: string[],
  actions: readonly string[],
  resource: string,
): PolicyStatement {
  return new PolicyStatement({
    sid,
    effect: Effect.DENY,
    principals: [new StarPrincipal()],
    actions: [...actions],
    resources: [resource],
    conditions: {
      ArnNotEquals: { 'aws:PrincipalArn': roleArns },
      // DynamoDB removes expired items, SQS moves messages to the dead-letter queue
      Bool: { 'aws:PrincipalIsAWSService': 'false' },
    },
  });
}
