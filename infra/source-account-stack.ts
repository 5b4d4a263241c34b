import { Stack, type StackProps } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { grantByWildcard } from './acknowledgements.ts';
import type { SourceAccountConfig } from './config.ts';
import { subscribeTo } from './log-subscription.ts';
import { deployedRules } from './rules.ts';
import { warn, watchedLogGroup } from './stack.ts';

/** In another account: sends what the rules need of its log groups to the stream of the account that runs csrwatch. */
export class SourceAccountStack extends Stack {
  constructor(scope: Construct, id: string, config: SourceAccountConfig, props?: StackProps) {
    super(scope, id, props);
    const rules = deployedRules(config);
    warn(this, rules.warnings);
    const role = config.organization ? this.role(config.logGroups.map(({ name }) => name)) : undefined;
    const destination = {
      bind: () => ({ arn: config.destinationArn, ...(role ? { role } : {}) }),
    };
    const logGroups = config.logGroups.map((group) => watchedLogGroup(this, group));
    for (const filter of subscribeTo(this, logGroups, destination, rules.filter)) {
      if (role) filter.node.addDependency(role);
    }
  }

  /**
   * Where the destination lets a whole organization in, CloudWatch Logs checks by a role that this account may.
   * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CreateSubscriptionFilter-IAMrole.html
   */
  private role(names: readonly string[]): Role {
    const role = new Role(this, 'Sender', {
      description: 'csrwatch: CloudWatch Logs sends log groups to the destination of another account',
      assumedBy: new ServicePrincipal('logs.amazonaws.com'),
    });
    for (const name of names) {
      grantByWildcard(
        role,
        ['logs:PutLogEvents'],
        `arn:${this.partition}:logs:${this.region}:${this.account}:log-group:${name}:*`,
        'the streams of the group: their names are not known, and new ones come',
      );
    }
    return role;
  }
}
