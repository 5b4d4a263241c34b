import { Effect, PolicyStatement, StarPrincipal } from 'aws-cdk-lib/aws-iam';

/**
 * A statement of a resource policy that denies actions to every caller except some roles and AWS's services. It has to deny:
 * within one account, a caller that IAM allows the action does not need the resource policy to allow it too. The condition
 * compares ARNs, so that it also applies to a role that was deleted and created again.
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
