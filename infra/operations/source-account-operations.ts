import { ArnFormat, type Duration, Stack } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { type ITopic, Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { acknowledgeWildcard } from '../acknowledgements.ts';
import { Channels } from '../channels.ts';
import { forwarderPath } from '../operations-topic.ts';
import { AlarmFactory } from './alarm-factory.ts';
import { addDeliveryAlarms } from './delivery-alarms.ts';
import { addLogNoDataAlarms } from './log-no-data-alarm.ts';
import { TamperRules } from './tamper-rules.ts';
import { allowPublishing } from './topic-policy.ts';

export interface SourceAccountOperationsProps {
  readonly logGroups: readonly ILogGroup[];
  /** The name of their subscription filters. */
  readonly subscriptionFilter: string;
  /** The operations topic of the central account. @default - the stack has a topic of its own */
  readonly centralTopicArn: string | undefined;
  /** E-mail subscribers of the stack's own topic. */
  readonly emails: readonly string[];
  /** @default - there are no no-data alarms */
  readonly logNoData: Duration | undefined;
  /** The URL or the path of the runbook. */
  readonly runbook: string;
}

/** What shows that a source account no longer sends: no-data alarms, delivery alarms and tamper rules. */
export class SourceAccountOperations extends Construct {
  readonly topic: ITopic;

  constructor(scope: Construct, id: string, props: SourceAccountOperationsProps) {
    super(scope, id);
    const { logGroups, centralTopicArn, emails } = props;
    const own =
      centralTopicArn === undefined
        ? new Channels(this, 'Channels', { channels: [], operations: { emails } })
        : undefined;
    this.topic = own?.operations ?? Topic.fromTopicArn(this, 'CentralTopic', centralTopicArn ?? '');
    if (own) allowPublishing(this, own.operations);
    const alarms = new AlarmFactory(this, 'Alarms', this.topic, props.runbook);
    const rules = new TamperRules(this, 'TamperRules', {
      topic: this.topic,
      role: own ? undefined : this.forwarder(this.topic),
      alarms,
      logGroups,
      functions: [],
      eventSourceMappings: [],
      topics: own ? [own.operations] : [],
      queues: own ? [own.undelivered] : [],
      buckets: [],
      keys: own ? [own.key] : [],
      tables: [],
      streams: [],
    });
    addDeliveryAlarms(alarms, props.subscriptionFilter);
    alarms.add('TamperAlertsUndelivered', {
      metric: rules.undelivered.metricApproximateNumberOfMessagesVisible({ statistic: 'Maximum' }),
      anchor: 'undelivered-tamper-alerts',
      meaning: 'EventBridge could not publish a tamper alert',
      notifyOk: true,
    });
    if (props.logNoData) addLogNoDataAlarms(alarms, logGroups, props.logNoData);
  }

  /** Publishes tamper alerts to the topic of the central account, which admits roles of this path. */
  private forwarder(topic: ITopic): Role {
    const stack = Stack.of(this);
    const role = new Role(this, 'Forwarder', {
      path: forwarderPath,
      description: 'csrwatch: EventBridge publishes tamper alerts to the central account',
      assumedBy: new ServicePrincipal('events.amazonaws.com'),
    });
    role.addToPolicy(new PolicyStatement({ actions: ['sns:Publish'], resources: [topic.topicArn] }));
    const keys = stack.formatArn({
      service: 'kms',
      account: topic.env.account,
      resource: 'key',
      resourceName: '*',
      arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
    });
    role.addToPolicy(
      new PolicyStatement({
        actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
        resources: [keys],
        conditions: { StringLike: { 'kms:ViaService': `sns.${stack.region}.*` } },
      }),
    );
    acknowledgeWildcard(
      role,
      keys,
      "the topic's key, of which this account knows no ARN; only SNS can use it with this permission",
    );
    return role;
  }
}
