import { redeploy, type TamperCall } from './tamper-call.ts';

/** What monitors csrwatch: rules, alarms, the trail that feeds the rules, the roles, and the stack as a whole. */
export const monitoringCalls: readonly TamperCall[] = [
  {
    service: 'events',
    events: ['DeleteRule', 'DisableRule', 'PutRule'],
    protects: 'rules',
    parameters: { name: ['name prefix'] },
    effect: 'the rule raises no tamper alert, starts no canary, or reports no objects',
    restoredBy: redeploy,
  },
  {
    service: 'events',
    events: ['RemoveTargets', 'PutTargets'],
    protects: 'rules',
    parameters: { rule: ['name prefix'] },
    effect: 'what the rule matches goes nowhere, or elsewhere',
    restoredBy: redeploy,
  },
  {
    service: 'events',
    events: ['UpdateEventBus'],
    protects: 'account',
    // without a name it is the default event bus
    parameters: { name: ['any'] },
    only: { name: ['default', { exists: false }] },
    effect: 'a key that EventBridge may not use stops every rule of the account',
    restoredBy: "`aws events update-event-bus --name default --kms-key-identifier ''`",
  },
  {
    service: 'monitoring',
    events: ['DeleteAlarms', 'DisableAlarmActions'],
    protects: 'alarms',
    parameters: { alarmNames: ['name prefix'] },
    effect: 'a failure of csrwatch raises no alarm',
    restoredBy: `${redeploy}; \`aws cloudwatch enable-alarm-actions --alarm-names ALARM\``,
  },
  {
    service: 'monitoring',
    events: ['PutMetricAlarm', 'PutCompositeAlarm', 'SetAlarmState'],
    protects: 'alarms',
    parameters: { alarmName: ['name prefix'] },
    effect: 'the alarm watches something else, or its state is forged',
    restoredBy: redeploy,
    documented: ['PutMetricAlarm'],
  },
  {
    // it can mute by a pattern of names
    service: 'monitoring',
    events: ['PutAlarmMuteRule'],
    protects: 'account',
    parameters: { name: ['any'] },
    effect: 'alarms are silent for a time',
    restoredBy: '`aws cloudwatch delete-alarm-mute-rule --alarm-mute-rule-name NAME`',
  },
  {
    // IAM's calls are events of us-east-1, wherever the role is used
    service: 'iam',
    events: [
      'DeleteRole',
      'PutRolePolicy',
      'DeleteRolePolicy',
      'AttachRolePolicy',
      'DetachRolePolicy',
      'UpdateAssumeRolePolicy',
      'PutRolePermissionsBoundary',
    ],
    protects: 'roles',
    parameters: { roleName: ['name prefix'] },
    effect: 'a function, or the delivery of logs, loses its permissions',
    restoredBy: redeploy,
  },
  {
    service: 'cloudtrail',
    events: ['StopLogging', 'DeleteTrail', 'UpdateTrail'],
    protects: 'account',
    parameters: { name: ['any'] },
    effect: 'without a trail there are no tamper alerts',
    restoredBy: '`aws cloudtrail start-logging --name TRAIL`',
  },
  {
    service: 'cloudtrail',
    events: ['PutEventSelectors'],
    protects: 'account',
    parameters: { trailName: ['any'] },
    effect: 'a trail without management events raises no tamper alerts',
    restoredBy:
      '`aws cloudtrail put-event-selectors --trail-name TRAIL --event-selectors \'[{"IncludeManagementEvents":true,"ReadWriteType":"All"}]\'`',
  },
  {
    service: 'cloudformation',
    events: [
      'DeleteStack',
      'UpdateStack',
      'ExecuteChangeSet',
      'RollbackStack',
      'ContinueUpdateRollback',
      'CancelUpdateStack',
      'SetStackPolicy',
      'UpdateTerminationProtection',
    ],
    protects: 'stack',
    parameters: { stackName: ['name', 'ARN'] },
    effect: 'any part of csrwatch is changed or removed',
    restoredBy: 'a deployment of the version that you trust',
    documented: ['DeleteStack'],
  },
  {
    // the ARN of a change set does not contain the name of its stack: it may be ours
    service: 'cloudformation',
    events: ['ExecuteChangeSet'],
    protects: 'account',
    parameters: { changeSetName: ['any'] },
    only: { stackName: [{ exists: false }], changeSetName: [{ prefix: 'arn:' }] },
    effect: 'any part of csrwatch is changed or removed, if the change set is one of its stack',
    restoredBy: 'a deployment of the version that you trust',
  },
];
