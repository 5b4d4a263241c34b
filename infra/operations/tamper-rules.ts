import { EventField, type IRuleTarget, Rule, RuleTargetInput } from 'aws-cdk-lib/aws-events';
import { SnsTopic } from 'aws-cdk-lib/aws-events-targets';
import type { Role } from 'aws-cdk-lib/aws-iam';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IQueue, Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { namePrefix } from '../deployed-name.ts';
import { deadLetterQueue, openToRules } from '../queues.ts';
import type { AlarmFactory } from './alarm-factory.ts';
import type { ProtectedResources } from './protected-resources.ts';
import { tamperCalls } from './tamper-calls/all-tamper-calls.ts';
import { type TamperPattern, tamperPatterns } from './tamper-patterns.ts';

export interface TamperRulesProps extends ProtectedResources {
  readonly topic: ITopic;
  /** With which EventBridge publishes to a topic of another account. @default - the topic's policy admits EventBridge */
  readonly role?: Role | undefined;
  readonly alarms: AlarmFactory;
}

/**
 * Raises a tamper alert on each call that would disable csrwatch, whether it succeeds or fails. Calls by CloudFormation
 * count too: an attacker can use it, and a deployment of ours starts with a call of its own. EventBridge receives such
 * events only if a trail of the account records management events.
 */
export class TamperRules extends Construct {
  /** Tamper alerts that EventBridge could not publish. */
  readonly undelivered: Queue;

  constructor(scope: Construct, id: string, { topic, role, alarms, ...resources }: TamperRulesProps) {
    super(scope, id);
    this.undelivered = deadLetterQueue(this, 'Undelivered');
    const undelivered = openToRules(this.undelivered);
    const queues = [...resources.queues, this.undelivered];
    const patterns = [
      ...tamperPatterns(this, { ...resources, queues }).map((pattern) => ({
        ...pattern,
        sources: [pattern.service],
      })),
      refusedCalls(this, resources),
    ];
    for (const pattern of patterns) {
      const rule = new Rule(this, pattern.id, {
        description: `csrwatch: tamper alert. ${alarms.whatToDo('tampering')}`,
        eventPattern: {
          // only AWS can put events with such a source
          source: pattern.sources.map((service) => `aws.${service}`),
          detailType: ['AWS API Call via CloudTrail'],
          detail: pattern.detail,
        },
      });
      const sent = { message: message(pattern, alarms), deadLetterQueue: undelivered };
      rule.addTarget(role === undefined ? new SnsTopic(topic, sent) : topicElsewhere(topic, role, sent));
    }
  }
}

/**
 * Some services record a refused call without its parameters; then only the error message names the resource. Lambda's
 * documentation has such a record: https://docs.aws.amazon.com/lambda/latest/dg/logging-using-cloudtrail.html
 */
function refusedCalls(
  scope: Construct,
  { eventSourceMappings }: ProtectedResources,
): TamperPattern & { readonly sources: readonly string[] } {
  const prefix = namePrefix(scope);
  const services = [...new Set(tamperCalls.map(({ service }) => service))];
  return {
    id: 'RefusedCalls',
    service: '',
    sources: services,
    targets: ['errorMessage'],
    detail: {
      readOnly: [false],
      errorCode: [{ exists: true }],
      requestParameters: [null],
      errorMessage: [
        { wildcard: `* on resource: *${prefix}*` },
        ...eventSourceMappings.map((uuid) => ({ wildcard: `* on resource: *${uuid}*` })),
      ],
    },
  };
}

/** One line. It leaves out what the caller can fill with any text, such as the user agent. */
function message({ targets }: TamperPattern, alarms: AlarmFactory): RuleTargetInput {
  const of = (path: string) => EventField.fromPath(`$.detail.${path}`);
  return RuleTargetInput.fromText(
    [
      `csrwatch may be disabled: ${of('eventName')} on ${targets.map(of).join('')}`,
      `by ${of('userIdentity.arn')} from ${of('sourceIPAddress')}`,
      `at ${of('eventTime')} in ${of('awsRegion')}, account ${of('userIdentity.accountId')}.`,
      `Error, if it was refused: ${of('errorCode')}.`,
      `CloudTrail event ${of('eventID')}.`,
      alarms.whatToDo('tampering'),
    ].join(' '),
  );
}

/** CDK's own target warns that it does not know whether the topic is in another account. */
function topicElsewhere(
  { topicArn: arn }: ITopic,
  role: Role,
  {
    message: input,
    deadLetterQueue,
  }: { readonly message: RuleTargetInput; readonly deadLetterQueue: IQueue },
): IRuleTarget {
  return { bind: () => ({ arn, role, input, deadLetterConfig: { arn: deadLetterQueue.queueArn } }) };
}
