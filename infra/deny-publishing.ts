import { Effect, PolicyStatement, StarPrincipal } from 'aws-cdk-lib/aws-iam';
import type { Topic } from 'aws-cdk-lib/aws-sns';

/**
 * Denies publishing to a topic. An allow statement does not stop callers that IAM in the same account allows to publish.
 * @param conditions - which principals the denial applies to
 */
export function denyPublishing(topic: Topic, sid: string, conditions: Record<string, object>): void {
  topic.addToResourcePolicy(
    new PolicyStatement({
      sid,
      effect: Effect.DENY,
      principals: [new StarPrincipal()],
      actions: ['sns:Publish'],
      resources: [topic.topicArn],
      conditions,
    }),
  );
}
