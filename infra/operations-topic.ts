import { Lazy, Stack } from 'aws-cdk-lib';
import { ArnPrincipal, PolicyStatement, ServicePrincipal, StarPrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { denyPublishing } from './deny-publishing.ts';

/** Accounts whose alarms and tamper rules publish to the topic, besides the topic's own. */
export interface SourceAccounts {
  readonly accounts?: readonly string[] | undefined;
  /** The id of an organization. */
  readonly organization?: string | undefined;
}

/** The path of the roles with which EventBridge publishes from source accounts. */
export const forwarderPath = '/csrwatch/';

const useOfKey = ['kms:Decrypt', 'kms:GenerateDataKey*'];
const notByService = { Bool: { 'aws:PrincipalIsAWSService': 'false' } };

export interface OperationsPublishers {
  readonly sourceAccounts: SourceAccounts | undefined;
  /** The ARNs of the detectors' roles, read when the template is synthesized. */
  readonly publishers: () => readonly string[];
}

/**
 * A topic to which AWS's services publish, each as far as the policy allows it, the detectors, and the forwarders of source
 * accounts. No other caller does, whatever IAM allows.
 */
export function operationsTopic(
  scope: Construct,
  id: string,
  key: IKey,
  { sourceAccounts: sources, publishers }: OperationsPublishers,
): Topic {
  const topic = new Topic(scope, id, { masterKey: key, enforceSSL: true });
  const { partition, account } = Stack.of(scope);
  // one pattern for all accounts, because a policy has no room for hundreds of ARNs; the principals below limit it
  const forwarders = { 'aws:PrincipalArn': `arn:${partition}:iam::*:role${forwarderPath}*` };
  const notBy = (others: readonly string[]) =>
    Lazy.any({
      produce: () => {
        const arns = [...others, ...publishers()];
        return arns.length === 0 ? undefined : { 'aws:PrincipalArn': arns };
      },
    });
  denyPublishing(topic, 'OnlyServicesAndDetectors', {
    ...notByService,
    ArnNotLike: notBy(sources ? [forwarders['aws:PrincipalArn']] : []),
  });
  if (sources === undefined) return topic;
  denyPublishing(topic, 'NotThisAccount', {
    ...notByService,
    StringEquals: { 'aws:PrincipalAccount': account },
    ArnNotLike: notBy([]),
  });
  admit(topic, key, sources, { ArnLike: forwarders });
  return topic;
}

/**
 * Lets CloudWatch alarms and forwarders of source accounts publish. EventBridge publishes to a topic of another account only
 * with a role of the rule's account: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-cross-account.html
 */
function admit(
  topic: Topic,
  key: IKey,
  { accounts = [], organization }: SourceAccounts,
  forwarders: { readonly ArnLike: Record<string, string> },
): void {
  const alarms = new ServicePrincipal('cloudwatch.amazonaws.com');
  const allow = (principals: PolicyStatement['principals'], conditions: Record<string, object>) => {
    topic.addToResourcePolicy(
      new PolicyStatement({ principals, actions: ['sns:Publish'], resources: [topic.topicArn], conditions }),
    );
    // in a key's policy `*` is the key itself
    key.addToResourcePolicy(
      new PolicyStatement({ principals, actions: useOfKey, resources: ['*'], conditions }),
    );
  };
  if (accounts.length > 0) {
    allow([alarms], { StringEquals: { 'aws:SourceAccount': [...accounts] } });
    // a bare account id is shorter than the ARN of the account
    allow(
      accounts.map((account) => new ArnPrincipal(account)),
      forwarders,
    );
  }
  if (organization !== undefined) {
    allow([alarms], { StringEquals: { 'aws:SourceOrgID': organization } });
    allow([new StarPrincipal()], {
      ...forwarders,
      StringEquals: { 'aws:PrincipalOrgID': organization },
    });
  }
}
