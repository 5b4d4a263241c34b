import { Stack, Validations } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

/** CDK's own id of the function that sets a bucket's notifications. */
const notificationsHandler = 'BucketNotificationsHandler050a0587b7544547bf325f094a3db834';

/** Says to cdk-nag why a rule of its AwsSolutions pack doesn't fit here. */
export function acknowledge(construct: Construct, rule: string, reason: string): void {
  Validations.of(construct).acknowledge({ id: `AwsSolutions::AwsSolutions-${rule}`, reason });
}

/** The function that CDK brings to set notifications of buckets; its role is not ours to choose. */
export function acknowledgeNotificationsHandler(scope: Construct): void {
  const handler = Stack.of(scope).node.tryFindChild(notificationsHandler);
  if (handler === undefined) return;
  const policy = 'arn:<AWS::Partition>:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole';
  acknowledge(
    handler,
    `IAM4[Policy::${policy}]`,
    "CDK's own function, which writes its log and nothing else by it",
  );
  acknowledge(
    handler,
    'IAM5[Resource::*]',
    'CDK lets it set the notifications of any bucket that is imported',
  );
}
