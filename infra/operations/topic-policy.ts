import { Stack } from 'aws-cdk-lib';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';

/**
 * Lets alarms and rules publish to the topic and use its key.
 *
 * Only alarms of this account may. A condition on EventBridge is not possible: its user guide states that the policy of a
 * topic cannot have one, and EventBridge gives KMS none, so that a condition would drop every message. An execution role
 * instead of the policy fails on encrypted topics, according to the same page (Using resource-based policies for Amazon
 * EventBridge). So a rule of another account that knows the topic's ARN can publish to the topic.
 */
export function allowPublishing(scope: Construct, topic: ITopic): void {
  const { account } = Stack.of(scope);
  const alarms = new ServicePrincipal('cloudwatch.amazonaws.com', {
    conditions: { StringEquals: { 'aws:SourceAccount': account } },
  });
  const rules = new ServicePrincipal('events.amazonaws.com');
  for (const service of [alarms, rules]) topic.grantPublish(service);
}
