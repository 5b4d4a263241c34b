import { Annotations, CfnOutput, Duration, Stack, type StackProps } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { grantByWildcard } from './acknowledgements.ts';
import { parseSourceAccountConfig, type SourceAccountConfigInput } from './config.ts';
import { filterNameOf, UnbootstrappedSynthesizer } from './deployed-name.ts';
import { subscribeTo } from './log-subscription.ts';
import { SourceAccountOperations } from './operations/source-account-operations.ts';
import { deployedRules } from './rules.ts';
import { warn, watchedLogGroup } from './stack.ts';
import { version } from './version.ts';

/**
 * In another account: sends what the rules need of its log groups to the stream of the central account, and watches that it
 * does. The template has no assets and does not ask for CDK's bootstrap stack, so that StackSets can deploy it anywhere.
 */
export class SourceAccountStack extends Stack {
  /** @throws {ConfigError} with every mistake in the configuration */
  constructor(scope: Construct, id: string, configuration: SourceAccountConfigInput, props?: StackProps) {
    super(scope, id, {
      // a template of at most 51,200 bytes needs no bucket
      suppressTemplateIndentation: true,
      synthesizer: new UnbootstrappedSynthesizer(),
      ...props,
    });
    const config = parseSourceAccountConfig(configuration, 'the configuration');
    const rules = deployedRules(config);
    warn(this, rules.warnings);
    const role = config.organization ? this.role(config.logGroups.map(({ name }) => name)) : undefined;
    const destination = {
      bind: () => ({ arn: config.destinationArn, ...(role ? { role } : {}) }),
    };
    const logGroups = config.logGroups.map((group, index) => watchedLogGroup(this, group, index));
    for (const filter of subscribeTo(this, logGroups, destination, rules)) {
      if (role) filter.node.addDependency(role);
    }
    const { operationsTopicArn, emails, noDataAlarmMinutes: minutes, runbook } = config;
    const { topic } = new SourceAccountOperations(this, 'Operations', {
      logGroups: logGroups.map(({ logGroup }) => logGroup),
      subscriptionFilter: filterNameOf(this),
      centralTopicArn: operationsTopicArn,
      emails,
      logNoData: minutes > 0 ? Duration.minutes(minutes) : undefined,
      runbook,
    });
    new CfnOutput(this, 'Version', { value: version, description: 'Of csrwatch, as deployed' });
    new CfnOutput(this, 'OperationsTopic', {
      value: topic.topicArn,
      description: 'Alarms and tamper alerts about this account',
    });
    if (operationsTopicArn === undefined && emails.length === 0) warnAboutSilentTopic(this);
  }

  /**
   * If the destination admits an organization, CloudWatch Logs checks with a role that this account belongs to it.
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

function warnAboutSilentTopic(stack: Stack): void {
  Annotations.of(stack).addWarningV2(
    'csrwatch:people',
    'no person gets the alarms of this account: add -c operationsTopic=ARN of the central account, or -c email=ADDRESS',
  );
}
