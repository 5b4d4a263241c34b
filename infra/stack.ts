import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Annotations, AssetHashType, CfnOutput, DockerImage, Stack, type StackProps } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { EmailSubscription, SmsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { Construct } from 'constructs';
import { writeBundle } from './bundle.ts';
import type { Config } from './config.ts';
import { CsrWatch } from './csrwatch.ts';
import { type DeployedRules, deployedRules } from './rules.ts';

/** The thin stack around the construct: what a configuration names becomes what the construct takes. */
export class CsrWatchStack extends Stack {
  constructor(scope: Construct, id: string, config: Config, props?: StackProps) {
    super(scope, id, props);
    const rules = deployedRules(config);
    for (const [index, warning] of rules.warnings.entries()) {
      Annotations.of(this).addWarningV2(`csrwatch:rules:${index}`, warning);
    }
    const watch = new CsrWatch(this, 'CsrWatch', {
      code: bundleCode(rules),
      lowestSeverity: config.lowestSeverity,
      logRetention: config.logRetentionDays,
      logGroups: config.logGroups.map(({ name, cluster, bare }) => ({
        logGroup: LogGroup.fromLogGroupName(this, `Watched${name}`, name),
        ...(cluster === undefined ? {} : { cluster }),
        filterPattern: (bare ?? isEks(name)) ? rules.filterPattern : '',
      })),
      buckets: config.buckets.map(({ name, cluster, keyPattern }) => ({
        ...(name === undefined ? {} : { bucket: Bucket.fromBucketName(this, `Watched${name}`, name) }),
        ...(cluster === undefined ? {} : { cluster }),
        ...(keyPattern === undefined ? {} : { keyPattern }),
      })),
    });
    for (const email of config.emails) watch.pages.addSubscription(new EmailSubscription(email));
    for (const number of config.sms) watch.pages.addSubscription(new SmsSubscription(number));
    for (const email of config.operationsEmails ?? config.emails) {
      watch.operations.addSubscription(new EmailSubscription(email));
    }
    new CfnOutput(this, 'FindingsTopic', { value: watch.findings.topicArn, description: 'Findings as JSON' });
    new CfnOutput(this, 'PagesTopic', { value: watch.pages.topicArn, description: 'Pages for people' });
    new CfnOutput(this, 'OperationsTopic', {
      value: watch.operations.topicArn,
      description: 'Alarms on csrwatch itself',
    });
  }
}

/** EKS writes audit events bare; an event in a forwarder's envelope would fall through the pattern. */
function isEks(logGroup: string): boolean {
  return /^\/aws\/eks\/[^/]+\/cluster$/.test(logGroup);
}

/** Bundled on this machine: the image is never run. */
function bundleCode({ definitions }: DeployedRules): Code {
  return Code.fromAsset(mkdtempSync(join(tmpdir(), 'csrwatch-')), {
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      image: DockerImage.fromRegistry('never-run'),
      local: {
        tryBundle(directory) {
          writeBundle(directory, definitions);
          return true;
        },
      },
    },
  });
}
