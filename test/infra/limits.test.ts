import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import type { ConfigInput } from '../../infra/config.ts';
import {
  detectorTemplate,
  sourceAccountTemplate as plainSourceAccountTemplate,
} from '../../infra/plain-template.ts';
import { measurements } from './aws-limits.ts';
import {
  configurations,
  independentSourceAccount,
  quickStart,
  sourceAccount,
  sourceAccountStackOf,
  templateOf,
} from './configurations.ts';
import { type Partition, partitions, resolveTemplate } from './resolve-template.ts';

const logGroups = (length: number) =>
  Array.from({ length }, (_, index) => ({ name: `/aws/eks/production-eu-central-1-${index}/cluster` }));
const buckets = (length: number, more: object = {}) =>
  Array.from({ length }, (_, index) => ({
    name: `audit-logs-${index}-`.padEnd(63, 'x'),
    prefix: `kubernetes/${index}/`,
    keyArn: `arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-${index + 100_000_000_000}`,
    ...more,
  }));
const emails = ['oncall@example.com'];
const canarySchedule = 'rate(1 day)';

const inputs: Record<string, ConfigInput> = {
  'quick start': quickStart,
  ...configurations,
  '60 log groups': { logGroups: logGroups(60), buckets: [{}], emails, canarySchedule },
  '200 log groups': { logGroups: logGroups(200), buckets: [{}], emails, canarySchedule },
  'as many log groups as a stack takes': { logGroups: logGroups(290), buckets: [{}], emails, canarySchedule },
  'log groups with long names': {
    logGroups: Array.from({ length: 20 }, (_, index) => ({ name: `group-${index}-`.padEnd(512, 'x') })),
    emails,
  },
  '100 buckets': { buckets: buckets(100), emails, canarySchedule },
  '100 buckets by EventBridge': { buckets: buckets(100, { notifications: 'eventbridge' }), emails },
  '60 buckets that csrwatch creates': { buckets: Array.from({ length: 60 }, () => ({})), emails },
  'a central account of as many source accounts as its destination admits': {
    stream: { accounts: Array.from({ length: 300 }, (_, index) => `${222_233_330_000 + index}`) },
    emails,
  },
  '12 channels': {
    ...quickStart,
    channels: Array.from({ length: 12 }, (_, index) => ({
      name: `team-${index}`,
      rendering: 'text',
      emails,
    })),
  },
  'a long runbook URL': { ...quickStart, runbook: `https://wiki.example.com/${'x'.repeat(175)}` },
};

const templates: Record<string, () => Record<string, unknown>> = {
  ...Object.fromEntries(
    Object.entries(inputs).map(([name, input]) => [name, () => templateOf(input).toJSON()]),
  ),
  'the plain template': () => detectorTemplate().template,
  'the plain template of everything on': () => detectorTemplate(configurations['everything on']).template,
  'the plain template of a source account': () => plainSourceAccountTemplate({}).template,
  'source account': () => sourceAccountTemplate(2),
  'source account with a topic of its own': () =>
    Template.fromStack(sourceAccountStackOf(independentSourceAccount)).toJSON(),
  'source account with 200 log groups': () => sourceAccountTemplate(200),
};

function sourceAccountTemplate(groups: number): Record<string, unknown> {
  return Template.fromStack(
    sourceAccountStackOf({ ...sourceAccount, logGroups: logGroups(groups) }),
  ).toJSON();
}

const partitionNames: Partition[] = ['aws', 'aws-cn', 'aws-us-gov'];

describe.each(Object.entries(templates))('%s', (_, synthesize) => {
  const template = synthesize();

  test.each(partitionNames)('stays within every limit of AWS in the partition %s', (partition) => {
    const exceeded = measurements(resolveTemplate(template, partition)).filter(
      ({ value, limit }) => value > limit,
    );
    expect(exceeded).toEqual([]);
  });

  test('is small enough for CloudFormation', () => {
    expect(Buffer.byteLength(JSON.stringify(template, null, 1))).toBeLessThanOrEqual(1_048_576);
  });

  test('contains no literal partition', () => {
    const literal = [...JSON.stringify(template).matchAll(/arn:aws[\w-]*:[\w:/.-]*/g)].map(([arn]) => arn);
    // ARNs that the configuration contains
    expect(literal.filter((arn) => !/:111122223333:/.test(arn))).toEqual([]);
  });
});

test('the template of a source account with one cluster is small enough to be passed inline', () => {
  expect(Buffer.byteLength(JSON.stringify(sourceAccountTemplate(1)))).toBeLessThanOrEqual(51_200);
});

test('every partition has been resolved', () => {
  expect(Object.keys(partitions)).toEqual(partitionNames);
});
