import { eksClusterOf } from '../../lambda/audit/eks-log-group.ts';
import { chunks } from '../chunks.ts';
import type { ProtectedResources, Tampering } from './protected-resources.ts';

/** A pattern may be 2,048 characters long; the calls and the rest of it take less than half of that. */
const mostNameCharacters = 1_000;

/** What detects: from the logs and their subscriptions to the topics. A list of names is empty where there is none of a kind. */
export function detecting(sight: ProtectedResources): Tampering[] {
  const { functions, topics, queues, buckets, keys, tables, streams } = sight;
  const functionNames = functions.map(({ functionName }) => ({ suffix: functionName }));
  const functionArns = functions.map(({ functionArn }) => functionArn);
  return [
    ...logGroups(sight.logGroups.map(({ logGroupName }) => logGroupName)),
    {
      id: 'Functions',
      service: 'lambda',
      calls: [
        'DeleteFunction',
        'UpdateFunctionCode',
        'UpdateFunctionConfiguration',
        'RemovePermission',
        'PutFunctionConcurrency',
        'PutFunctionEventInvokeConfig',
        'UpdateFunctionEventInvokeConfig',
      ],
      // a caller may give the name, or an ARN that ends with it
      detail: { requestParameters: { functionName: functionNames } },
      target: 'requestParameters.functionName',
    },
    {
      id: 'EventSourceMappings',
      service: 'lambda',
      calls: ['DeleteEventSourceMapping', 'UpdateEventSourceMapping'],
      // the request names a UUID alone; what comes back names the function
      detail: { responseElements: { functionArn: functionArns } },
      target: 'responseElements.functionArn',
    },
    {
      id: 'Topics',
      service: 'sns',
      calls: ['DeleteTopic', 'SetTopicAttributes', 'RemovePermission', 'PutDataProtectionPolicy'],
      detail: { requestParameters: { topicArn: topics.map(({ topicArn }) => topicArn) } },
      target: 'requestParameters.topicArn',
    },
    {
      id: 'Subscriptions',
      service: 'sns',
      calls: ['Unsubscribe', 'SetSubscriptionAttributes'],
      detail: {
        requestParameters: { subscriptionArn: topics.map(({ topicArn }) => ({ prefix: `${topicArn}:` })) },
      },
      target: 'requestParameters.subscriptionArn',
    },
    {
      id: 'Queues',
      service: 'sqs',
      calls: ['DeleteQueue', 'PurgeQueue', 'SetQueueAttributes'],
      // a URL's host is the caller's choice among several
      detail: {
        requestParameters: { queueUrl: queues.map(({ queueName }) => ({ suffix: `/${queueName}` })) },
      },
      target: 'requestParameters.queueUrl',
    },
    {
      id: 'Buckets',
      service: 's3',
      calls: [
        'DeleteBucket',
        'PutBucketNotification',
        'PutBucketPolicy',
        'PutBucketLifecycle',
        'PutBucketEncryption',
      ],
      detail: { requestParameters: { bucketName: buckets.map(({ bucketName }) => bucketName) } },
      target: 'requestParameters.bucketName',
    },
    {
      id: 'Keys',
      service: 'kms',
      calls: ['DisableKey', 'ScheduleKeyDeletion', 'PutKeyPolicy'],
      detail: { requestParameters: { keyId: keys.map(({ keyId }) => ({ suffix: keyId })) } },
      target: 'requestParameters.keyId',
    },
    {
      id: 'Tables',
      service: 'dynamodb',
      calls: ['DeleteTable', 'UpdateTable', 'UpdateTimeToLive'],
      detail: { requestParameters: { tableName: tables.map(({ tableName }) => ({ suffix: tableName })) } },
      target: 'requestParameters.tableName',
    },
    {
      id: 'Streams',
      service: 'kinesis',
      calls: ['DeleteStream', 'DecreaseStreamRetentionPeriod', 'StopStreamEncryption'],
      detail: { requestParameters: { streamName: streams.map(({ streamName }) => streamName) } },
      target: 'requestParameters.streamName',
    },
    {
      id: 'StreamArns',
      service: 'kinesis',
      calls: ['DeleteStream', 'DecreaseStreamRetentionPeriod', 'StopStreamEncryption'],
      detail: { requestParameters: { streamARN: streams.map(({ streamArn }) => streamArn) } },
      target: 'requestParameters.streamARN',
    },
  ];
}

/** The watched logs: their subscriptions, what they keep, and whether EKS still writes audit events into them. */
function logGroups(names: readonly string[]): Tampering[] {
  const clusters = names.flatMap((name) => eksClusterOf(name) ?? []);
  return [
    ...chunks(names, mostNameCharacters).map((logGroupName, index) => ({
      id: `LogGroups${index === 0 ? '' : index + 1}`,
      service: 'logs',
      calls: [
        'DeleteSubscriptionFilter',
        'PutSubscriptionFilter',
        'DeleteLogGroup',
        'DeleteLogStream',
        'PutRetentionPolicy',
        'DeleteMetricFilter',
      ],
      detail: { requestParameters: { logGroupName } },
      target: 'requestParameters.logGroupName',
    })),
    ...chunks(clusters, mostNameCharacters).map((name, index) => ({
      id: `Clusters${index === 0 ? '' : index + 1}`,
      service: 'eks',
      calls: ['UpdateClusterConfig'],
      detail: {
        requestParameters: { name, logging: { clusterLogging: { types: ['audit'], enabled: [false] } } },
      },
      target: 'requestParameters.name',
    })),
  ];
}
