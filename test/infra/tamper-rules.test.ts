import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { describe, expect, test } from 'vitest';
import { matchesPattern, withNames } from './event-pattern.ts';
import { account, operationsStack, region } from './operations-stack.ts';

const { template } = operationsStack();
const patterns = rulesOf(template).map(({ EventPattern }) => withNames(EventPattern));

/** An event as EventBridge has it from CloudTrail; who called is left out. */
function call(service: string, eventName: string, requestParameters: object, more: object = {}) {
  return {
    'detail-type': 'AWS API Call via CloudTrail',
    source: `aws.${service}`,
    account,
    region,
    detail: { eventSource: `${service}.amazonaws.com`, eventName, requestParameters, ...more },
  };
}

const told = (event: unknown) => patterns.some((pattern) => matchesPattern(pattern, event));
const topic = `arn:aws:sns:${region}:${account}:pages`;
const functionArn = `arn:aws:lambda:${region}:${account}:function:detector-logs`;
const queueUrl = `https://sqs.${region}.amazonaws.com/${account}/objects`;
const keyId = '1234abcd-12ab-34cd-56ef-1234567890ab';
const logging = (enabled: boolean, types: string[]) => ({ clusterLogging: [{ enabled, types }] });

describe('the operations topic is told of', () => {
  test.each([
    ['logs', 'DeleteSubscriptionFilter', { logGroupName: '/aws/eks/prod/cluster', filterName: 'f' }],
    ['logs', 'PutSubscriptionFilter', { logGroupName: 'kubernetes', filterName: 'f', filterPattern: 'x' }],
    ['logs', 'DeleteLogGroup', { logGroupName: '/aws/eks/prod/cluster' }],
    ['logs', 'DeleteLogStream', { logGroupName: '/aws/eks/prod/cluster', logStreamName: 's' }],
    ['logs', 'PutRetentionPolicy', { logGroupName: '/aws/eks/prod/cluster', retentionInDays: 1 }],
    ['logs', 'DeleteMetricFilter', { logGroupName: 'kubernetes', filterName: 'f' }],
    ['logs', 'DeleteLogGroup', { logGroupName: 'detector-log' }],
    ['eks', 'UpdateClusterConfig', { name: 'prod', logging: logging(false, ['api', 'audit']) }],
    ['lambda', 'DeleteFunction20150331', { functionName: 'detector-logs' }],
    ['lambda', 'DeleteFunction20150331', { functionName: functionArn }],
    ['lambda', 'UpdateFunctionConfiguration20150331v2', { functionName: 'detector-objects' }],
    ['lambda', 'UpdateFunctionCode20150331v2', { functionName: 'detector-objects' }],
    ['lambda', 'PutFunctionConcurrency20171031', { functionName: 'detector-logs' }],
    ['lambda', 'RemovePermission20150331v2', { functionName: functionArn, statementId: 's' }],
    ['lambda', 'PutFunctionEventInvokeConfig', { functionName: 'detector-logs' }],
    ['sns', 'DeleteTopic', { topicArn: topic }],
    ['sns', 'SetTopicAttributes', { topicArn: topic, attributeName: 'Policy' }],
    ['sns', 'Unsubscribe', { subscriptionArn: `${topic}:6e0cd4bf-9c4c-4b3c-a1c2-000000000000` }],
    ['sqs', 'DeleteQueue', { queueUrl }],
    ['sqs', 'PurgeQueue', { queueUrl: `https://${region}.queue.amazonaws.com/${account}/logs-failed` }],
    ['sqs', 'SetQueueAttributes', { queueUrl }],
    ['s3', 'DeleteBucket', { bucketName: 'audit-logs' }],
    ['s3', 'PutBucketNotification', { bucketName: 'audit-logs', NotificationConfiguration: '' }],
    ['kms', 'DisableKey', { keyId }],
    ['kms', 'ScheduleKeyDeletion', { keyId: `arn:aws:kms:${region}:${account}:key/${keyId}` }],
    ['dynamodb', 'DeleteTable', { tableName: 'seen' }],
    ['dynamodb', 'UpdateTimeToLive', { tableName: `arn:aws:dynamodb:${region}:${account}:table/seen` }],
    ['kinesis', 'DeleteStream', { streamName: 'audit' }],
    ['kinesis', 'DeleteStream', { streamARN: `arn:aws:kinesis:${region}:${account}:stream/audit` }],
    ['events', 'DisableRule', { name: 'csrwatch-OperationsTamperingTopics-1A2B3C' }],
    ['events', 'RemoveTargets', { rule: 'csrwatch-OperationsTamperingTopics-1A2B3C', ids: ['Target0'] }],
    ['monitoring', 'DeleteAlarms', { alarmNames: ['other', 'csrwatch-OperationsAlarmsErrors-1A2B3C'] }],
    ['monitoring', 'SetAlarmState', { alarmName: 'csrwatch-OperationsAlarmsErrors-1A2B3C' }],
    ['logs', 'DeleteDestination', { destinationName: 'csrwatchStreamDestination1A2B3C' }],
    ['monitoring', 'PutAlarmMuteRule', { name: 'quiet' }],
    ['iam', 'DeleteRolePolicy', { roleName: 'csrwatch-LogsDetectorRole-1A2B3C', policyName: 'p' }],
    ['iam', 'PutRolePermissionsBoundary', { roleName: 'csrwatch-LogsDetectorRole-1A2B3C' }],
    ['cloudtrail', 'StopLogging', { name: 'management' }],
    ['cloudtrail', 'PutEventSelectors', { trailName: 'management' }],
    ['cloudformation', 'DeleteStack', { stackName: 'csrwatch' }],
  ])('%s %s of ours: %j', (service, eventName, requestParameters) => {
    expect(told(call(service, eventName, requestParameters))).toBe(true);
  });

  test('an event source mapping of ours, whose request names a UUID alone', () => {
    const answer = (arn: string) => ({ responseElements: { functionArn: arn, state: 'Deleting' } });
    const mapping = (arn: string) =>
      call('lambda', 'DeleteEventSourceMapping20150331', { uUID: 'u' }, answer(arn));
    expect(told(mapping(functionArn))).toBe(true);
    expect(told(mapping(`${functionArn}-of-another`))).toBe(false);
  });

  test('a try that was refused, and a call by CloudFormation', () => {
    const refused = { errorCode: 'AccessDenied' };
    const deployed = {
      userIdentity: { type: 'AssumedRole', invokedBy: 'cloudformation.amazonaws.com' },
      sourceIPAddress: 'cloudformation.amazonaws.com',
    };
    for (const more of [refused, deployed])
      expect(told(call('sns', 'DeleteTopic', { topicArn: topic }, more))).toBe(true);
  });
});

describe('the operations topic is not told of', () => {
  test.each([
    ['logs', 'DeleteSubscriptionFilter', { logGroupName: '/aws/eks/staging/cluster', filterName: 'f' }],
    ['logs', 'DescribeSubscriptionFilters', { logGroupName: '/aws/eks/prod/cluster' }],
    ['eks', 'UpdateClusterConfig', { name: 'prod', logging: logging(true, ['audit']) }],
    ['eks', 'UpdateClusterConfig', { name: 'prod', logging: logging(false, ['scheduler']) }],
    [
      'eks',
      'UpdateClusterConfig',
      {
        name: 'prod',
        logging: {
          clusterLogging: [
            { enabled: true, types: ['audit'] },
            { enabled: false, types: ['api'] },
          ],
        },
      },
    ],
    ['eks', 'UpdateClusterConfig', { name: 'prod', resourcesVpcConfig: { endpointPublicAccess: true } }],
    ['eks', 'UpdateClusterConfig', { name: 'staging', logging: logging(false, ['audit']) }],
    ['lambda', 'DeleteFunction20150331', { functionName: 'detector-logs-2' }],
    ['lambda', 'GetFunction20150331v2', { functionName: 'detector-logs' }],
    ['sns', 'Unsubscribe', { subscriptionArn: `${topic}-of-another:6e0cd4bf` }],
    ['sns', 'DeleteTopic', { topicArn: `${topic}-of-another` }],
    ['sns', 'Subscribe', { topicArn: topic }],
    ['sqs', 'DeleteQueue', { queueUrl: `https://sqs.${region}.amazonaws.com/${account}/other-objects` }],
    ['s3', 'PutBucketNotification', { bucketName: 'audit-logs-2' }],
    ['s3', 'PutBucketTagging', { bucketName: 'audit-logs' }],
    ['kms', 'DisableKey', { keyId: '00000000-12ab-34cd-56ef-1234567890ab' }],
    ['dynamodb', 'DeleteTable', { tableName: 'orders' }],
    ['events', 'DisableRule', { name: 'nightly' }],
    ['monitoring', 'DeleteAlarms', { alarmNames: ['nightly'] }],
    ['iam', 'DeleteRolePolicy', { roleName: 'ci', policyName: 'p' }],
    ['cloudtrail', 'StartLogging', { name: 'management' }],
    ['cloudformation', 'DeleteStack', { stackName: 'orders' }],
  ])('%s %s: %j', (service, eventName, requestParameters) => {
    expect(told(call(service, eventName, requestParameters))).toBe(false);
  });

  test('an event that somebody else than AWS has put on the bus', () => {
    const event = call('sns', 'DeleteTopic', { topicArn: topic });
    expect(told({ ...event, source: 'my.app' })).toBe(false);
  });
});

test('a message says in one line what was called on what, by whom, from where and when', () => {
  const rule = rulesOf(template).find(({ EventPattern }) => EventPattern.source.includes('aws.logs'));
  const [{ InputTransformer: transformer, DeadLetterConfig: deadLetterQueue }] = rule.Targets;
  const event = call(
    'logs',
    'DeleteSubscriptionFilter',
    { logGroupName: '/aws/eks/prod/cluster', filterName: 'f' },
    {
      userIdentity: { arn: `arn:aws:sts::${account}:assumed-role/admin/mallory`, accountId: account },
      sourceIPAddress: '203.0.113.7',
      eventTime: '2026-11-25T03:04:05Z',
      awsRegion: region,
      eventID: 'e-1',
    },
  );
  const text = transformer.InputTemplate.replace(/<([\w-]+)>/g, (_: string, name: string) =>
    transformer.InputPathsMap[name]
      .replace(/^\$\./, '')
      .split('.')
      .reduce((value: Record<string, unknown> | undefined, key: string) => value?.[key] ?? '', event),
  );
  expect(JSON.parse(text)).toBe(
    `csrwatch may be blinded: DeleteSubscriptionFilter on /aws/eks/prod/cluster by arn:aws:sts::${account}:assumed-role/admin/mallory from 203.0.113.7 at 2026-11-25T03:04:05Z in ${region}, account ${account}. Error, if it was refused: . CloudTrail event e-1. What to do: docs/runbook.md#tampering`,
  );
  expect(deadLetterQueue).toBeDefined();
});

test('two hundred log groups with long names are in patterns that EventBridge takes', () => {
  const names = Array.from({ length: 200 }, (_, index) => `/aws/eks/${'c'.repeat(80)}${index}/cluster`);
  const { template: many } = operationsStack((stack) => ({
    logGroups: names.map((name) => ({ logGroup: LogGroup.fromLogGroupName(stack, `G${name}`, name) })),
  }));
  const found = rulesOf(many).map(({ EventPattern }) => withNames(EventPattern));
  for (const pattern of found) expect(JSON.stringify(pattern).length).toBeLessThan(2_048);
  for (const logGroupName of names) {
    const event = call('logs', 'DeleteSubscriptionFilter', { logGroupName });
    expect(found.filter((pattern) => matchesPattern(pattern, event))).toHaveLength(1);
  }
});

test('what is not there has no rule', () => {
  const { template: none } = operationsStack(() => ({
    buckets: [],
    streams: [],
    logGroups: [],
    functionLogs: [],
  }));
  const sources = new Set(rulesOf(none).flatMap(({ EventPattern }) => EventPattern.source));
  for (const gone of ['aws.s3', 'aws.kinesis', 'aws.logs', 'aws.eks']) expect(sources).not.toContain(gone);
});

function rulesOf(from: ReturnType<typeof operationsStack>['template']) {
  return Object.values(from.findResources('AWS::Events::Rule')).map(({ Properties }) => Properties);
}
