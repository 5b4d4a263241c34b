import { redeploy, type TamperCall } from './tamper-call.ts';

/** S3, KMS, DynamoDB and Kinesis: what csrwatch reads from and remembers in. */
export const storageCalls: readonly TamperCall[] = [
  {
    service: 's3',
    events: ['PutBucketNotification'],
    protects: 'buckets',
    parameters: { bucketName: ['name'] },
    effect: 'the queue gets no notifications of new objects',
    restoredBy:
      'a new deployment with a changed prefix and back: the notification is set by a custom resource',
  },
  {
    service: 's3',
    events: ['DeleteBucket', 'PutBucketLifecycle', 'PutBucketVersioning', 'PutBucketReplication'],
    protects: 'buckets',
    parameters: { bucketName: ['name'] },
    effect: 'objects are lost before they are read, or copied elsewhere',
    restoredBy: `${redeploy} for a bucket of the stack; for a bucket of yours, its own deployment`,
  },
  {
    service: 's3',
    events: [
      'PutBucketPolicy',
      'DeleteBucketPolicy',
      'PutBucketAcl',
      'PutBucketOwnershipControls',
      'DeleteBucketOwnershipControls',
      'PutBucketPublicAccessBlock',
      'DeleteBucketPublicAccessBlock',
      'PutBucketRequestPayment',
      'PutBucketAbac',
    ],
    protects: 'buckets',
    parameters: { bucketName: ['name'] },
    effect: 'the function may not read objects, or others may write them',
    restoredBy: `${redeploy} for a bucket of the stack; for a bucket of yours, its own deployment`,
  },
  {
    service: 's3',
    events: ['PutBucketEncryption', 'DeleteBucketEncryption', 'PutBucketIntelligentTieringConfiguration'],
    protects: 'buckets',
    parameters: { bucketName: ['name'] },
    effect: 'new objects use a key that the function may not use, or are archived and unreadable',
    restoredBy: `${redeploy} for a bucket of the stack; \`aws s3api delete-bucket-intelligent-tiering-configuration --bucket BUCKET --id ID\``,
  },
  {
    service: 'kms',
    events: ['DisableKey', 'ScheduleKeyDeletion', 'DeleteImportedKeyMaterial'],
    protects: 'keys',
    parameters: { keyId: ['name', 'ARN'] },
    effect: 'nothing can be published to, or read from, what the key encrypts',
    restoredBy:
      '`aws kms cancel-key-deletion --key-id KEY`, then `aws kms enable-key --key-id KEY`; key material is imported again',
    documented: ['ScheduleKeyDeletion'],
  },
  {
    service: 'kms',
    events: ['PutKeyPolicy', 'CreateGrant', 'RevokeGrant', 'RetireGrant'],
    protects: 'keys',
    parameters: { keyId: ['name', 'ARN'] },
    effect: 'those who need the key may not use it, or others may',
    restoredBy: `${redeploy} for the key of the stack; \`aws kms list-grants --key-id KEY\` and \`revoke-grant\``,
    documented: ['CreateGrant'],
  },
  {
    service: 'dynamodb',
    events: ['DeleteTable', 'UpdateTable', 'UpdateTimeToLive'],
    protects: 'tables',
    parameters: { tableName: ['name', 'ARN'] },
    effect:
      'alerts are sent twice and each invocation waits, or the use of issued certificates raises no alert, by the table',
    restoredBy: `${redeploy}. The items of the watch list: [restore it](runbook.md#watch-list-failed)`,
    documented: ['DeleteTable', 'UpdateTable'],
  },
  {
    service: 'dynamodb',
    events: ['UpdateContinuousBackups'],
    protects: 'tables',
    parameters: { tableName: ['name', 'ARN'] },
    effect: 'the watch list cannot be restored to a time before this call',
    restoredBy:
      '`aws dynamodb update-continuous-backups --table-name TABLE --point-in-time-recovery-specification PointInTimeRecoveryEnabled=true`',
  },
  {
    service: 'dynamodb',
    events: ['PutResourcePolicy', 'DeleteResourcePolicy'],
    protects: 'tables',
    parameters: { resourceArn: ['ARN'] },
    effect:
      'others may mark alerts as sent, so that they are never sent, or remove certificates from the watch list',
    restoredBy:
      '`aws dynamodb put-resource-policy --resource-arn TABLE_ARN --policy POLICY` with the policy in the template: it has no drift detection',
  },
  {
    service: 'kinesis',
    events: [
      'DeleteStream',
      'DecreaseStreamRetentionPeriod',
      'StartStreamEncryption',
      'StopStreamEncryption',
      'UpdateShardCount',
      'MergeShards',
    ],
    protects: 'streams',
    parameters: { streamName: ['name'], streamARN: ['ARN'] },
    effect: 'records of the source accounts are lost, late or unreadable',
    restoredBy: redeploy,
    documented: ['DeleteStream'],
  },
  {
    service: 'kinesis',
    events: ['UpdateStreamMode'],
    protects: 'streams',
    parameters: { streamARN: ['ARN'] },
    effect: 'the capacity of the stream changes',
    restoredBy: redeploy,
  },
  {
    service: 'kinesis',
    events: ['PutResourcePolicy', 'DeleteResourcePolicy'],
    protects: 'streams',
    parameters: { resourceARN: ['ARN'] },
    effect: 'those who need the stream may not use it, or others may',
    restoredBy: '`aws kinesis delete-resource-policy --resource-arn STREAM_ARN`',
  },
];
