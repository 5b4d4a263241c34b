import type { Form, ResourceKind } from '../../infra/operations/tamper-calls/tamper-call.ts';
import { account, region } from './operations-stack.ts';

/** CloudTrail records of calls, as far as tamper rules read them. */
export interface TamperSample {
  readonly service: string;
  /** As CloudTrail writes them, Lambda's with the version of its API. */
  readonly events: readonly string[];
  readonly kind: ResourceKind;
  readonly forms: readonly Form[];
  readonly request: (resource: string) => Record<string, unknown>;
  /** Where AWS shows such a record. @default - unverified: parameters are those of the API reference */
  readonly source?: string;
}

const arn = (service: string, rest: string) => `arn:aws:${service}:${region}:${account}:${rest}`;
const keyId = '1234abcd-12ab-34cd-56ef-1234567890ab';
const uuid = '0f5a3d5e-1c8b-4f5e-9d2a-2b7c1e6a9f10';

/** The resources of `operationsStack` in every form, and resources of others with similar names. */
export const resources: Record<
  ResourceKind,
  { readonly ours: Partial<Record<Form, readonly string[]>>; readonly others: readonly string[] }
> = {
  logGroups: {
    ours: {
      name: ['/aws/eks/prod/cluster', 'kubernetes', 'detector-log'],
      ARN: [arn('logs', 'log-group:/aws/eks/prod/cluster'), arn('logs', 'log-group:kubernetes')],
    },
    others: [
      '/aws/eks/staging/cluster',
      'other-kubernetes',
      arn('logs', 'log-group:other-kubernetes'),
      arn('logs', 'log-group:kubernetes-2'),
    ],
  },
  clusters: { ours: { name: ['prod'] }, others: ['staging', 'prod-2'] },
  functions: {
    ours: {
      name: ['detector-logs', 'canary'],
      'name:qualifier': ['detector-logs:$LATEST', 'detector-objects:7'],
      ARN: [arn('lambda', 'function:detector-logs')],
      'ARN:suffix': [arn('lambda', 'function:detector-logs:$LATEST')],
      'partial ARN': [`${account}:function:detector-objects`],
      'partial ARN:qualifier': [`${account}:function:detector-objects:live`],
    },
    others: [
      'detector-logs-2',
      'my-detector-logs',
      'detector-logs-2:$LATEST',
      arn('lambda', 'function:detector-logs-2'),
      arn('lambda', 'function:my-detector-logs:$LATEST'),
      `${account}:function:detector-logs-2:1`,
    ],
  },
  eventSourceMappings: { ours: { name: [uuid] }, others: ['00000000-1c8b-4f5e-9d2a-2b7c1e6a9f10'] },
  topics: {
    ours: {
      ARN: [arn('sns', 'alerts'), arn('sns', 'findings')],
      'ARN:suffix': [arn('sns', 'alerts:6e0cd4bf-9c4c-4b3c-a1c2-000000000000')],
    },
    others: [arn('sns', 'alerts-2'), arn('sns', 'alerts-2:6e0cd4bf-9c4c-4b3c-a1c2-000000000000')],
  },
  queues: {
    ours: {
      URL: [
        `https://sqs.${region}.amazonaws.com/${account}/objects`,
        `https://${region}.queue.amazonaws.com/${account}/logs-failed`,
      ],
      ARN: [arn('sqs', 'objects'), arn('sqs', 'objects-failed')],
    },
    others: [
      `https://sqs.${region}.amazonaws.com/${account}/other-objects`,
      arn('sqs', 'other-objects'),
      arn('sqs', 'objects-2'),
    ],
  },
  buckets: { ours: { name: ['audit-logs'] }, others: ['audit-logs-2', 'my-audit-logs'] },
  keys: {
    ours: { name: [keyId], ARN: [arn('kms', `key/${keyId}`)] },
    others: [
      keyId.replace('1234abcd', '00000000'),
      arn('kms', `key/${keyId.replace('1234abcd', '00000000')}`),
    ],
  },
  tables: {
    ours: {
      name: ['seen', 'followed'],
      ARN: [arn('dynamodb', 'table/seen'), arn('dynamodb', 'table/followed')],
    },
    others: ['seen-2', 'orders', arn('dynamodb', 'table/unseen')],
  },
  streams: {
    ours: { name: ['audit'], ARN: [arn('kinesis', 'stream/audit')] },
    others: ['audit-2', arn('kinesis', 'stream/my-audit')],
  },
  destinations: { ours: { 'name prefix': ['csrwatchStreamDestination1A2B3C'] }, others: ['other'] },
  rules: { ours: { 'name prefix': ['csrwatch-OperationsTamperRules-1A2B3C'] }, others: ['nightly'] },
  alarms: { ours: { 'name prefix': ['csrwatch-OperationsAlarmsErrors-1A2B3C'] }, others: ['nightly'] },
  roles: { ours: { 'name prefix': ['csrwatch-LogsDetectorRole-1A2B3C'] }, others: ['ci'] },
  stack: {
    // withNames writes AWS::StackId so
    ours: { name: ['csrwatch'], ARN: ['physical-AWS::StackId'] },
    others: ['orders', 'csrwatch-2', arn('cloudformation', 'stack/orders/1a2b3c')],
  },
  account: { ours: { any: ['whatever'] }, others: [] },
};

const docs = 'https://docs.aws.amazon.com';
const functionForms: readonly Form[] = [
  'name',
  'name:qualifier',
  'ARN',
  'ARN:suffix',
  'partial ARN',
  'partial ARN:qualifier',
];
const logging = (enabled: boolean, types: string[]) => ({ clusterLogging: [{ enabled, types }] });

function sample(
  service: string,
  events: string,
  kind: ResourceKind,
  forms: readonly Form[],
  request: TamperSample['request'],
  page?: string,
): TamperSample {
  const source = page === undefined ? {} : { source: `${docs}/${page}` };
  return { service, events: events.split(' '), kind, forms, request, ...source };
}

export const tamperSamples: readonly TamperSample[] = [
  sample(
    'logs',
    'DeleteSubscriptionFilter PutSubscriptionFilter DeleteMetricFilter PutMetricFilter',
    'logGroups',
    ['name'],
    (logGroupName) => ({ logGroupName, filterName: 'f' }),
  ),
  sample(
    'logs',
    'DeleteLogGroup DeleteLogStream PutRetentionPolicy',
    'logGroups',
    ['name'],
    (logGroupName) => ({ logGroupName }),
  ),
  sample(
    'logs',
    'PutDataProtectionPolicy PutTransformer',
    'logGroups',
    ['name', 'ARN'],
    (logGroupIdentifier) => ({ logGroupIdentifier }),
  ),
  sample('logs', 'AssociateKmsKey DisassociateKmsKey', 'logGroups', ['name'], (logGroupName) => ({
    logGroupName,
  })),
  sample('logs', 'AssociateKmsKey DisassociateKmsKey', 'logGroups', ['ARN'], (resourceIdentifier) => ({
    resourceIdentifier,
  })),
  sample('logs', 'PutAccountPolicy', 'account', ['any'], (policyName) => ({
    policyName,
    policyType: 'DATA_PROTECTION_POLICY',
  })),
  sample('logs', 'PutAccountPolicy', 'account', ['any'], (policyName) => ({
    policyName,
    policyType: 'TRANSFORMER_POLICY',
  })),
  sample(
    'logs',
    'DeleteDestination PutDestination PutDestinationPolicy',
    'destinations',
    ['name prefix'],
    (destinationName) => ({ destinationName }),
  ),
  sample('eks', 'UpdateClusterConfig', 'clusters', ['name'], (name) => ({
    name,
    logging: logging(false, ['api', 'audit']),
  })),
  sample('eks', 'DeleteCluster', 'clusters', ['name'], (name) => ({ name })),
  sample(
    'lambda',
    'DeleteFunction DeleteFunction20150331',
    'functions',
    functionForms,
    (functionName) => ({ functionName }),
    'lambda/latest/dg/logging-using-cloudtrail.html',
  ),
  sample(
    'lambda',
    'UpdateFunctionCode20150331v2 UpdateFunctionConfiguration20150331v2 PutRuntimeManagementConfig PutFunctionCodeSigningConfig PutFunctionRecursionConfig PutFunctionConcurrency20171031 DeleteFunctionConcurrency20171031 PutFunctionEventInvokeConfig UpdateFunctionEventInvokeConfig DeleteFunctionEventInvokeConfig AddPermission20150331v2 RemovePermission20150331v2',
    'functions',
    functionForms,
    (functionName) => ({ functionName }),
  ),
  sample(
    'lambda',
    'DeleteEventSourceMapping20150331 UpdateEventSourceMapping20150331',
    'eventSourceMappings',
    ['name'],
    (uUID) => ({ uUID }),
  ),
  sample(
    'lambda',
    'DeleteEventSourceMapping20150331 UpdateEventSourceMapping20150331',
    'eventSourceMappings',
    ['name'],
    (uuid) => ({ uuid }),
  ),
  sample('lambda', 'CreateEventSourceMapping20150331', 'queues', ['ARN'], (eventSourceArn) => ({
    eventSourceArn,
    functionName: 'other',
  })),
  sample('lambda', 'CreateEventSourceMapping20150331', 'streams', ['ARN'], (eventSourceArn) => ({
    eventSourceArn,
    functionName: 'other',
  })),
  sample(
    'sns',
    'DeleteTopic',
    'topics',
    ['ARN'],
    (topicArn) => ({ topicArn }),
    'sns/latest/dg/logging-using-cloudtrail.html',
  ),
  sample('sns', 'SetTopicAttributes AddPermission RemovePermission', 'topics', ['ARN'], (topicArn) => ({
    topicArn,
  })),
  sample('sns', 'PutDataProtectionPolicy', 'topics', ['ARN'], (resourceArn) => ({ resourceArn })),
  sample('sns', 'Unsubscribe SetSubscriptionAttributes', 'topics', ['ARN:suffix'], (subscriptionArn) => ({
    subscriptionArn,
  })),
  sample('sns', 'SetSMSAttributes', 'account', ['any'], () => ({ attributes: { MonthlySpendLimit: '1' } })),
  sample('sns', 'DeleteSMSSandboxPhoneNumber', 'account', ['any'], (phoneNumber) => ({ phoneNumber })),
  sample(
    'sqs',
    'DeleteQueue SetQueueAttributes AddPermission RemovePermission',
    'queues',
    ['URL'],
    (queueUrl) => ({ queueUrl }),
    'AWSSimpleQueueService/latest/SQSDeveloperGuide/logging-using-cloudtrail.html',
  ),
  sample('sqs', 'PurgeQueue', 'queues', ['URL'], (queueUrl) => ({ queueUrl })),
  sample('sqs', 'StartMessageMoveTask', 'queues', ['ARN'], (sourceArn) => ({ sourceArn })),
  sample('sqs', 'StartMessageMoveTask', 'queues', ['ARN'], (destinationArn) => ({
    sourceArn: 'arn:other',
    destinationArn,
  })),
  sample(
    's3',
    'PutBucketNotification DeleteBucket PutBucketLifecycle PutBucketVersioning PutBucketReplication PutBucketPolicy DeleteBucketPolicy PutBucketAcl PutBucketOwnershipControls DeleteBucketOwnershipControls PutBucketPublicAccessBlock DeleteBucketPublicAccessBlock PutBucketRequestPayment PutBucketAbac PutBucketEncryption DeleteBucketEncryption PutBucketIntelligentTieringConfiguration',
    'buckets',
    ['name'],
    (bucketName) => ({ bucketName, Host: `${bucketName}.s3.amazonaws.com` }),
  ),
  sample(
    'kms',
    'ScheduleKeyDeletion',
    'keys',
    ['name', 'ARN'],
    (keyId) => ({ keyId, pendingWindowInDays: 20 }),
    'kms/latest/developerguide/ct-schedule-key-deletion.html',
  ),
  sample(
    'kms',
    'CreateGrant',
    'keys',
    ['name', 'ARN'],
    (keyId) => ({ keyId, operations: ['Encrypt'] }),
    'kms/latest/developerguide/ct-creategrant.html',
  ),
  sample(
    'kms',
    'DisableKey DeleteImportedKeyMaterial PutKeyPolicy RevokeGrant RetireGrant',
    'keys',
    ['name', 'ARN'],
    (keyId) => ({ keyId }),
  ),
  sample(
    'dynamodb',
    'DeleteTable UpdateTable',
    'tables',
    ['name', 'ARN'],
    (tableName) => ({ tableName }),
    'amazondynamodb/latest/developerguide/understanding-ddb-log-entries.html',
  ),
  sample('dynamodb', 'UpdateTimeToLive UpdateContinuousBackups', 'tables', ['name', 'ARN'], (tableName) => ({
    tableName,
  })),
  sample('dynamodb', 'PutResourcePolicy DeleteResourcePolicy', 'tables', ['ARN'], (resourceArn) => ({
    resourceArn,
  })),
  sample(
    'kinesis',
    'DeleteStream',
    'streams',
    ['name'],
    (streamName) => ({ streamName }),
    'streams/latest/dev/logging-using-cloudtrail.html',
  ),
  sample(
    'kinesis',
    'DecreaseStreamRetentionPeriod StartStreamEncryption StopStreamEncryption UpdateShardCount MergeShards',
    'streams',
    ['name'],
    (streamName) => ({ streamName }),
  ),
  sample(
    'kinesis',
    'DeleteStream DecreaseStreamRetentionPeriod StartStreamEncryption StopStreamEncryption UpdateShardCount MergeShards UpdateStreamMode',
    'streams',
    ['ARN'],
    (streamARN) => ({ streamARN }),
  ),
  sample('kinesis', 'PutResourcePolicy DeleteResourcePolicy', 'streams', ['ARN'], (resourceARN) => ({
    resourceARN,
  })),
  sample('events', 'DeleteRule DisableRule PutRule', 'rules', ['name prefix'], (name) => ({ name })),
  sample('events', 'RemoveTargets PutTargets', 'rules', ['name prefix'], (rule) => ({
    rule,
    ids: ['Target0'],
  })),
  sample('events', 'UpdateEventBus', 'account', ['any'], () => ({ name: 'default', kmsKeyIdentifier: 'k' })),
  sample('events', 'UpdateEventBus', 'account', ['any'], () => ({ kmsKeyIdentifier: 'k' })),
  sample('monitoring', 'DeleteAlarms DisableAlarmActions', 'alarms', ['name prefix'], (alarmName) => ({
    alarmNames: ['other', alarmName],
  })),
  sample(
    'monitoring',
    'PutMetricAlarm',
    'alarms',
    ['name prefix'],
    (alarmName) => ({ alarmName }),
    'AmazonCloudWatch/latest/monitoring/logging_cw_api_calls.html',
  ),
  sample('monitoring', 'PutCompositeAlarm SetAlarmState', 'alarms', ['name prefix'], (alarmName) => ({
    alarmName,
  })),
  sample('monitoring', 'PutAlarmMuteRule', 'account', ['any'], (name) => ({ name })),
  sample(
    'iam',
    'DeleteRole PutRolePolicy DeleteRolePolicy AttachRolePolicy DetachRolePolicy UpdateAssumeRolePolicy PutRolePermissionsBoundary',
    'roles',
    ['name prefix'],
    (roleName) => ({ roleName }),
  ),
  sample('cloudtrail', 'StopLogging DeleteTrail UpdateTrail', 'account', ['any'], (name) => ({ name })),
  sample('cloudtrail', 'PutEventSelectors', 'account', ['any'], (trailName) => ({ trailName })),
  sample(
    'cloudformation',
    'DeleteStack',
    'stack',
    ['name', 'ARN'],
    (stackName) => ({ stackName }),
    'AWSCloudFormation/latest/UserGuide/cfn-api-logging-cloudtrail.html',
  ),
  sample(
    'cloudformation',
    'UpdateStack RollbackStack ContinueUpdateRollback CancelUpdateStack SetStackPolicy UpdateTerminationProtection',
    'stack',
    ['name', 'ARN'],
    (stackName) => ({ stackName }),
  ),
  sample('cloudformation', 'ExecuteChangeSet', 'stack', ['name', 'ARN'], (stackName) => ({
    stackName,
    changeSetName: 'c',
  })),
  sample('cloudformation', 'ExecuteChangeSet', 'account', ['any'], () => ({
    changeSetName: arn('cloudformation', 'changeSet/c/1a2b3c'),
  })),
];
