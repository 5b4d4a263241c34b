import { Stack, Validations } from 'aws-cdk-lib';
import { type Policy, PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';

/** CDK's own id of the function that sets a bucket's notifications. */
const notificationsHandler = 'BucketNotificationsHandler050a0587b7544547bf325f094a3db834';

/**
 * Says to cdk-nag why a rule of one of its packs doesn't fit here.
 * @param rule - with its pack's name, as in `AwsSolutions-S1` or `Serverless-LambdaTracing`
 */
export function acknowledge(construct: Construct, rule: string, reason: string): void {
  const [pack] = rule.split('-');
  Validations.of(construct).acknowledge({ id: `${pack}::${rule}`, reason });
}

/** Allows what a wildcard stands for, and says to cdk-nag why it can't be narrower. */
export function grantByWildcard(role: Role, actions: string[], resource: string, reason: string): void {
  role.addToPolicy(new PolicyStatement({ actions, resources: [resource] }));
  acknowledgeWildcard(role, resource, reason);
}

/** The same in a policy that stands apart from its role. */
export function allowByWildcard(policy: Policy, actions: string[], resource: string, reason: string): void {
  policy.addStatements(new PolicyStatement({ actions, resources: [resource] }));
  acknowledgeWildcard(policy, resource, reason);
}

function acknowledgeWildcard(construct: Construct, resource: string, reason: string): void {
  const shown = asNagShows(Stack.of(construct).resolve(resource));
  acknowledge(construct, `AwsSolutions-IAM5[Resource::${shown}]`, reason);
}

/** `<LogicalId.Arn>/*`: references in angle brackets. */
function asNagShows(resolved: unknown): string {
  if (typeof resolved === 'string') return resolved;
  const [[name, argument] = []] = Object.entries<unknown>(Object(resolved));
  if (!Array.isArray(argument)) return `<${argument}>`;
  const [, parts]: unknown[] = argument;
  return name === 'Fn::Join' && Array.isArray(parts)
    ? parts.map(asNagShows).join('')
    : `<${argument.join('.')}>`;
}

/** The function that CDK brings to set notifications of buckets; what it is like is not ours to choose. */
export function acknowledgeNotificationsHandler(scope: Construct): void {
  const handler = Stack.of(scope).node.tryFindChild(notificationsHandler);
  if (handler === undefined) return;
  const policy = 'arn:<AWS::Partition>:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole';
  acknowledge(
    handler,
    `AwsSolutions-IAM4[Policy::${policy}]`,
    "CDK's own function, which writes its log and nothing else by it",
  );
  for (const rule of ['LambdaDLQ', 'LambdaDefaultMemorySize', 'LambdaTracing', 'LambdaLatestVersion']) {
    acknowledge(
      handler,
      `Serverless-${rule}`,
      "CDK's own function: CloudFormation waits for its answer, and only while deploying",
    );
  }
}
