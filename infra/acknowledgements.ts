import { Stack, Validations } from 'aws-cdk-lib';
import { type Policy, PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';

/**
 * Records why a rule of cdk-nag does not apply to a construct.
 * @param rule - with the name of its pack, such as `AwsSolutions-S1` or `Serverless-LambdaTracing`
 */
export function acknowledge(construct: Construct, rule: string, reason: string): void {
  const [pack] = rule.split('-');
  Validations.of(construct).acknowledge({ id: `${pack}::${rule}`, reason });
}

/** Allows actions on resources that match a wildcard, and records why it cannot be narrower. */
export function grantByWildcard(role: Role, actions: string[], resource: string, reason: string): void {
  role.addToPolicy(new PolicyStatement({ actions, resources: [resource] }));
  acknowledgeWildcard(role, resource, reason);
}

/** The same for a policy that is not the role's own. */
export function allowByWildcard(policy: Policy, actions: string[], resource: string, reason: string): void {
  policy.addStatements(new PolicyStatement({ actions, resources: [resource] }));
  acknowledgeWildcard(policy, resource, reason);
}

/** Records why resources that match a wildcard are not narrower. */
export function acknowledgeWildcard(construct: Construct, resource: string, reason: string): void {
  const shown = asNagShows(Stack.of(construct).resolve(resource));
  acknowledge(construct, `AwsSolutions-IAM5[Resource::${shown}]`, reason);
}

/** cdk-nag writes references in angle brackets, `<LogicalId.Arn>/*`, and other functions as JSON. */
function asNagShows(resolved: unknown): string {
  if (typeof resolved === 'string') return resolved;
  const [[name, argument] = []] = Object.entries<unknown>(Object(resolved));
  if (name === 'Ref') return `<${argument}>`;
  if (!Array.isArray(argument)) return JSON.stringify(resolved);
  if (name === 'Fn::GetAtt') return `<${argument.join('.')}>`;
  const [, parts]: unknown[] = argument;
  return name === 'Fn::Join' && Array.isArray(parts)
    ? parts.map(asNagShows).join('')
    : JSON.stringify(resolved);
}
