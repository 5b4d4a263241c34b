import { Stack, Token } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Tampering } from './protected-resources.ts';

/** CloudFormation and CDK begin the names that they make with the stack's, of which they may cut off the end. */
function ours(scope: Construct): [{ prefix: string }] {
  const { stackName } = Stack.of(scope);
  return [{ prefix: Token.isUnresolved(stackName) ? stackName : stackName.slice(0, 20) }];
}

/** What other accounts' log groups are subscribed to. */
export function destinations(scope: Construct): Tampering {
  return {
    id: 'Destinations',
    service: 'logs',
    calls: ['DeleteDestination', 'PutDestination'],
    detail: { requestParameters: { destinationName: ours(scope) } },
    target: 'requestParameters.destinationName',
  };
}

/** What watches: these rules, the alarms, the trail that feeds the rules, the roles, and the stack as a whole. */
export function watching(scope: Construct): Tampering[] {
  const { stackName, stackId } = Stack.of(scope);
  const name = ours(scope);
  return [
    {
      id: 'Rules',
      service: 'events',
      calls: ['DeleteRule', 'DisableRule', 'PutRule'],
      detail: { requestParameters: { name } },
      target: 'requestParameters.name',
    },
    {
      id: 'Targets',
      service: 'events',
      calls: ['RemoveTargets', 'PutTargets'],
      detail: { requestParameters: { rule: name } },
      target: 'requestParameters.rule',
    },
    {
      id: 'Alarms',
      service: 'monitoring',
      calls: ['DeleteAlarms', 'DisableAlarmActions'],
      detail: { requestParameters: { alarmNames: name } },
      target: 'requestParameters.alarmNames',
    },
    {
      id: 'AlarmChanges',
      service: 'monitoring',
      calls: ['PutMetricAlarm', 'SetAlarmState'],
      detail: { requestParameters: { alarmName: name } },
      target: 'requestParameters.alarmName',
    },
    {
      // it may mute by a pattern of names as well as by ours
      id: 'Mutes',
      service: 'monitoring',
      calls: ['PutAlarmMuteRule'],
      target: 'requestParameters.name',
    },
    {
      // IAM's calls are events of us-east-1, wherever the role is used
      id: 'Roles',
      service: 'iam',
      calls: [
        'DeleteRole',
        'PutRolePolicy',
        'AttachRolePolicy',
        'DetachRolePolicy',
        'UpdateAssumeRolePolicy',
        'PutRolePermissionsBoundary',
      ],
      detail: { requestParameters: { roleName: name } },
      target: 'requestParameters.roleName',
    },
    {
      id: 'Trails',
      service: 'cloudtrail',
      calls: ['StopLogging', 'DeleteTrail', 'UpdateTrail'],
      target: 'requestParameters.name',
    },
    {
      id: 'TrailSelectors',
      service: 'cloudtrail',
      calls: ['PutEventSelectors'],
      target: 'requestParameters.trailName',
    },
    {
      id: 'Stack',
      service: 'cloudformation',
      calls: ['DeleteStack', 'UpdateStack', 'ExecuteChangeSet'],
      detail: { requestParameters: { stackName: [stackName, stackId] } },
      target: 'requestParameters.stackName',
    },
  ];
}
