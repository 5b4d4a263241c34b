import { type App, Validations } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import {
  type ConfigInput,
  parseConfig,
  parseSourceAccountConfig,
  type SourceAccountConfigInput,
} from '../../infra/config.ts';
import { SourceAccountStack } from '../../infra/source-account-stack.ts';
import { CsrWatchStack } from '../../infra/stack.ts';
import { appWithoutBundles } from '../../infra/synth.ts';

const key = 'arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';
const bucketKey = 'arn:aws:kms:eu-central-1:111122223333:key/aaaabbbb-12ab-34cd-56ef-1234567890ab';
const topic = (name: string) => `arn:aws:sns:eu-central-1:111122223333:${name}`;
const queue = (name: string) => `arn:aws:sqs:eu-central-1:111122223333:${name}`;

/** What a platform team would deploy, from the least to the most. */
export const configurations = {
  smallest: { buckets: [{}] },
  'EKS only': {
    logGroups: [{ name: '/aws/eks/prod/cluster' }, { name: '/aws/eks/test/cluster', filter: 'none' }],
    emails: ['oncall@example.com'],
  },
  'S3 only': {
    buckets: [{ keyPattern: '{cluster}/{yyyy}/', expireAfterDays: 365 }],
    emails: ['oncall@example.com'],
    sms: ['+4915112345678'],
    minSeverity: 'high',
  },
  'imported everything': {
    logGroups: [{ name: 'kubernetes', cluster: 'prod', followCertificates: true }],
    buckets: [
      { name: 'my-audit-logs', cluster: 'prod', prefix: 'audit/', keyArn: bucketKey },
      { name: 'my-other-logs', keyPattern: 'logs/{cluster}/', notifications: 'eventbridge' },
    ],
    keyArn: key,
    backfillResults: 'my-results',
    backfillResultsKeyArn: key,
    findings: { topicArn: topic('findings'), keyArn: key, queues: [queue('siem')] },
    channels: [{ name: 'oncall', rendering: 'text', topicArn: topic('oncall') }],
    operationsEmails: ['platform@example.com'],
  },
  'central account': {
    stream: {
      accounts: ['222233334444', '333344445555'],
      organization: 'o-exampleorgid',
      clusters: { '222233334444:kubernetes': 'prod' },
      followCertificates: true,
    },
    emails: ['oncall@example.com'],
  },
  'everything on': {
    logGroups: [{ name: '/aws/eks/prod/cluster', cluster: 'prod' }],
    buckets: [{ cluster: 'prod' }, { name: 'my-audit-logs', notifications: 'eventbridge', prefix: 'audit/' }],
    stream: { accounts: ['222233334444'], shards: 0 },
    emails: ['oncall@example.com'],
    sms: ['+4915112345678'],
    minSeverity: 'medium',
    channels: [
      { name: 'critical-sms', rendering: 'text', minSeverity: 'critical', sms: ['+4915187654321'] },
      { name: 'slack', rendering: 'chat' },
      {
        name: 'pager',
        rendering: 'alarm',
        minSeverity: 'high',
        https: ['https://events.example.com/integration', { secret: 'csrwatch/pager-url' }],
      },
      { name: 'audit', rendering: 'json', queues: [queue('audit')] },
    ],
    findings: { queues: [queue('siem')], https: ['https://siem.example.com/findings'] },
    operationsEmails: ['platform@example.com'],
    exceptions: ['cert-manager'],
    canarySchedule: 'rate(1 day)',
    maxObjectsAtOnce: 30,
    logRetentionDays: 90,
  },
} satisfies Record<string, ConfigInput>;

/** The quick start of the README: `-c cluster=prod -c email=…`. */
export const quickStart: ConfigInput = {
  logGroups: [{ name: '/aws/eks/prod/cluster', cluster: 'prod' }],
  buckets: [{ cluster: 'prod' }],
  emails: ['oncall@example.com'],
};

export const sourceAccount: SourceAccountConfigInput = {
  destinationArn: 'arn:aws:logs:eu-central-1:111122223333:destination:csrwatch',
  logGroups: [{ name: '/aws/eks/prod/cluster' }, { name: 'kubernetes', followCertificates: true }],
  organization: true,
  operationsTopicArn: topic('csrwatch-operations'),
};

/** A source account with an operations topic of its own. */
export const independentSourceAccount: SourceAccountConfigInput = {
  destinationArn: sourceAccount.destinationArn,
  logGroups: sourceAccount.logGroups,
  emails: ['platform@example.com'],
};

/** The same with both packs of cdk-nag, which make `synth` fail. */
export function checkedApp(): App {
  const app = appWithoutBundles();
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app), new ServerlessChecks(app));
  return app;
}

export function stackOf(input: ConfigInput, app = appWithoutBundles()): CsrWatchStack {
  return new CsrWatchStack(app, 'csrwatch', parseConfig(input, 'test'));
}

export function sourceAccountStackOf(
  input: SourceAccountConfigInput,
  app = appWithoutBundles(),
): SourceAccountStack {
  return new SourceAccountStack(app, 'csrwatch-source-account', parseSourceAccountConfig(input, 'test'));
}

const templates = new Map<string, Template>();

/** Synthesized once for each configuration. */
export function templateOf(input: ConfigInput): Template {
  const key = JSON.stringify(input);
  const template = templates.get(key) ?? Template.fromStack(stackOf(input));
  templates.set(key, template);
  return template;
}
