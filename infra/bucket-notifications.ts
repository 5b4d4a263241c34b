import { Stack } from 'aws-cdk-lib';
import { type Policy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { BucketNotificationDestinationType, type IBucketNotificationDestination } from 'aws-cdk-lib/aws-s3';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { acknowledge } from './acknowledgements.ts';

/** The construct id that CDK gives to the function that configures notifications of buckets. */
const notificationsHandler = 'BucketNotificationsHandler050a0587b7544547bf325f094a3db834';

const roleId = 'NotificationsRole';

/**
 * The role of CDK's function that configures notifications of buckets. CDK attaches one inline policy per bucket, and a
 * role holds 10,240 characters of them, which is about 45. This role takes their statements into its own policy, where
 * those that differ only in the bucket become one.
 */
class NotificationsRole extends Role {
  override attachInlinePolicy(policy: Policy): void {
    if (policy.node.scope === this) {
      super.attachInlinePolicy(policy);
      return;
    }
    for (const statement of policy.document.toJSON().Statement)
      this.addToPolicy(PolicyStatement.fromJson(statement));
  }
}

/** The role for every bucket whose notifications are configured. One per stack. */
export function notificationsRole(scope: Construct): Role {
  const stack = Stack.of(scope);
  const existing = stack.node.tryFindChild(roleId);
  if (existing instanceof NotificationsRole) return existing;
  const role = new NotificationsRole(stack, roleId, {
    description: 'csrwatch: configures the notifications of buckets while the stack is deployed',
    assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
  });
  const policy = 'arn:<AWS::Partition>:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole';
  acknowledge(
    role,
    `AwsSolutions-IAM4[Policy::${policy}]`,
    "CDK's own function, which writes only its log with it",
  );
  return role;
}

/** A queue whose policy already admits the buckets: CDK's own destination adds a statement per bucket. */
export function queueDestination(queue: IQueue): IBucketNotificationDestination {
  return {
    bind: () => ({
      arn: queue.queueArn,
      type: BucketNotificationDestinationType.QUEUE,
      // S3 checks that it may send, so the queue's policy must exist
      dependencies: [queue],
    }),
  };
}

/** CDK's function is not ours to configure. */
export function acknowledgeNotificationsHandler(scope: Construct): void {
  const handler = Stack.of(scope).node.tryFindChild(notificationsHandler);
  if (handler === undefined) return;
  for (const rule of ['LambdaDLQ', 'LambdaDefaultMemorySize', 'LambdaTracing', 'LambdaLatestVersion']) {
    acknowledge(
      handler,
      `Serverless-${rule}`,
      "CDK's own function: it runs only while CloudFormation deploys and waits for its answer",
    );
  }
}
