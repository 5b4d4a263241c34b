import { Stack, type StackProps } from 'aws-cdk-lib';
import { Key } from 'aws-cdk-lib/aws-kms';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { LambdaSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { CsrWatch, deployedRules } from '../../infra/index.ts';

/** csrwatch in the stack of a platform team, with the team's own resources. */
export class PlatformStack extends Stack {
  constructor(scope: Construct, id: string, isolateCluster: IFunction, props?: StackProps) {
    super(scope, id, props);
    const auditLogs = Bucket.fromBucketName(this, 'AuditLogs', 'platform-audit-logs');
    const siem = new Queue(this, 'Siem');

    const watch = new CsrWatch(this, 'CsrWatch', {
      logGroups: ['production', 'staging'].map((cluster) => ({
        logGroup: LogGroup.fromLogGroupName(this, cluster, `/aws/eks/${cluster}/cluster`),
      })),
      buckets: [{ bucket: auditLogs, keyPattern: 'kubernetes/{cluster}/', prefix: 'kubernetes/' }],
      channels: [
        {
          name: 'oncall',
          rendering: 'text',
          minSeverity: 'high',
          subscribers: { emails: ['oncall@example.com'] },
        },
        {
          name: 'pager',
          rendering: 'alarm',
          minSeverity: 'critical',
          subscribers: { https: [{ secret: 'pager-url' }] },
        },
      ],
      findings: { subscribers: { queues: [siem] } },
      operations: { emails: ['platform@example.com'] },
      key: new Key(this, 'Key', { enableKeyRotation: true }),
      backfillResults: auditLogs,
      rules: deployedRules({ exceptions: ['cert-manager'] }),
      logRetention: RetentionDays.THREE_MONTHS,
    });

    // any other endpoint that SNS supports can subscribe as well
    watch.topic('findings').addSubscription(new LambdaSubscription(isolateCluster));
  }
}
