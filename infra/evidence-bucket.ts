import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { BlockPublicAccess, Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { acknowledge } from './acknowledgements.ts';

/**
 * A bucket for audit logs: encrypted, closed to the public, over TLS alone. It outlives the stack.
 * @param expireAfterDays - `undefined` keeps objects for good
 */
export function evidenceBucket(scope: Construct, id: string, expireAfterDays?: number): Bucket {
  const bucket = new Bucket(scope, id, {
    encryption: BucketEncryption.S3_MANAGED,
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    enforceSSL: true,
    removalPolicy: RemovalPolicy.RETAIN,
    lifecycleRules: [
      // parts of uploads that were never finished cost as whole objects do
      { abortIncompleteMultipartUploadAfter: Duration.days(7) },
      ...(expireAfterDays === undefined ? [] : [{ expiration: Duration.days(expireAfterDays) }]),
    ],
  });
  acknowledge(
    bucket,
    'AwsSolutions-S1',
    'access to it is seen in CloudTrail; server access logs would need a bucket of their own',
  );
  return bucket;
}
