import { EventField, Rule, RuleTargetInput } from 'aws-cdk-lib/aws-events';
import { SnsTopic } from 'aws-cdk-lib/aws-events-targets';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { deadLetterQueue } from '../queues.ts';
import type { AlarmFactory } from './alarm-factory.ts';
import { detecting } from './detector-calls.ts';
import { destinations, watching } from './monitoring-calls.ts';
import type { ProtectedResources, Tampering } from './protected-resources.ts';

export interface TamperRulesProps extends ProtectedResources {
  readonly topic: ITopic;
  readonly desk: AlarmFactory;
}

/**
 * Tells the topic of calls that would blind the detector, tried or done. Whoever calls is told, CloudFormation too: an
 * attacker may use it as well, and a deployment of ours is told by its own call first. EventBridge gets such events only
 * where a trail of the account records management events.
 */
export class TamperRules extends Construct {
  /** What EventBridge could not tell the topic. */
  readonly undelivered: Queue;

  constructor(scope: Construct, id: string, { topic, desk, ...sight }: TamperRulesProps) {
    super(scope, id);
    this.undelivered = deadLetterQueue(this, 'Undelivered');
    for (const tampering of tamperings(this, { ...sight, queues: [...sight.queues, this.undelivered] })) {
      const rule = new Rule(this, tampering.id, {
        description: `csrwatch: ${tampering.calls.join(', ')}. ${desk.whatToDo('tampering')}`,
        eventPattern: {
          // nobody but AWS may put an event under such a source
          source: [`aws.${tampering.service}`],
          detailType: ['AWS API Call via CloudTrail'],
          detail: {
            eventSource: [`${tampering.service}.amazonaws.com`],
            eventName: tampering.calls.map((prefix) => ({ prefix })),
            ...tampering.detail,
          },
        },
      });
      rule.addTarget(
        new SnsTopic(topic, { message: message(tampering, desk), deadLetterQueue: this.undelivered }),
      );
    }
  }
}

/** One line; what is left out of it, such as the user agent, the caller may fill with anything. */
function message({ target }: Tampering, desk: AlarmFactory): RuleTargetInput {
  const of = (path: string) => EventField.fromPath(`$.detail.${path}`);
  return RuleTargetInput.fromText(
    [
      `csrwatch may be blinded: ${of('eventName')} on ${of(target)}`,
      `by ${of('userIdentity.arn')} from ${of('sourceIPAddress')}`,
      `at ${of('eventTime')} in ${of('awsRegion')}, account ${of('userIdentity.accountId')}.`,
      `Error, if it was refused: ${of('errorCode')}.`,
      `CloudTrail event ${of('eventID')}.`,
      desk.whatToDo('tampering'),
    ].join(' '),
  );
}

/** Every rule that there is reason for, scoped to our own resources where CloudTrail names them. */
function tamperings(scope: Construct, sight: ProtectedResources): Tampering[] {
  return [
    ...detecting(sight),
    ...(sight.streams.length > 0 ? [destinations(scope)] : []),
    ...watching(scope),
  ].filter(({ detail }) => !hasEmptyList(detail));
}

/** There is nothing of the kind: an empty list is no pattern. */
function hasEmptyList(value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 0;
  return typeof value === 'object' && value !== null && Object.values(value).some(hasEmptyList);
}
