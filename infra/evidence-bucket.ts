import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { BlockPublicAccess, Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { acknowledge } from './acknowledgements.ts';
import { notificationsRole } from './bucket-notifications.ts';

/**
 * A bucket for audit logs: encrypted, versioned, not public, over TLS only. It is kept when the stack is deleted.
 * @param expireAfterDays - `undefined` keeps objects without limit
 */
export function evidenceBucket(scope: Construct, id: string, expireAfterDays?: number): Bucket {
  const bucket = new Bucket(scope, id, {
    encryption: BucketEncryption.S3_MANAGED,
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    enforceSSL: true,
    removalPolicy: RemovalPolicy.RETAIN,
    notificationsHandlerRole: notificationsRole(scope),
    versioned: true,
    lifecycleRules: [
      // what was deleted or overwritten can be restored until then
      { noncurrentVersionExpiration: Duration.days(30), expiredObjectDeleteMarker: true },
      // parts of an unfinished upload cost as much as an object
      { abortIncompleteMultipartUploadAfter: Duration.days(7) },
      ...(expireAfterDays === undefined ? [] : [{ expiration: Duration.days(expireAfterDays) }]),
    ],
  });
  acknowledge(
    bucket,
    'AwsSolutions-S1',
    'CloudTrail records access to it; server access logs would need another bucket',
  );
  return bucket;
}
