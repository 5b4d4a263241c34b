import { Stack } from 'aws-cdk-lib';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';

/**
 * Lets alarms and rules publish to the topic, and with that use its key.
 *
 * Alarms are held to this account. EventBridge can't be: its user guide says that a condition can't be used in the policy
 * of a topic, and it gives none to KMS, so that a guarded statement would drop every message unheard. A role instead of the
 * policy fails on encrypted topics, says the same page (Using resource-based policies for Amazon EventBridge). What is
 * left open is that EventBridge, for a rule of another account that knows the topic's ARN, may tell it something.
 */
export function allowPublishing(scope: Construct, topic: ITopic): void {
  const { account } = Stack.of(scope);
  const alarms = new ServicePrincipal('cloudwatch.amazonaws.com', {
    conditions: { StringEquals: { 'aws:SourceAccount': account } },
  });
  const rules = new ServicePrincipal('events.amazonaws.com');
  for (const service of [alarms, rules]) topic.grantPublish(service);
}
