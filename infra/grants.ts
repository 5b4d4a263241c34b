import { PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';

/** The resources of a statement, as ARNs of up to 130 characters. */
const resourcesPerStatement = 15;

/**
 * Allows actions on any number of resources. A role holds 10,240 characters of inline policies and a managed policy 6,144:
 * CDK moves the excess to managed policies, but only whole statements.
 */
export function grantAll(role: Role, actions: string[], resources: readonly string[]): void {
  for (let at = 0; at < resources.length; at += resourcesPerStatement) {
    role.addToPolicy(
      new PolicyStatement({ actions, resources: resources.slice(at, at + resourcesPerStatement) }),
    );
  }
}
