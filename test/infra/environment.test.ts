import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startFunction } from '../../cli/local/local-function.ts';
import { resolve, resourcesOf, type Template, type Values } from '../../cli/local/template.ts';
import { writeBundle } from '../../infra/bundle.ts';
import type { ConfigInput } from '../../infra/config.ts';
import { deployedRules } from '../../infra/rules.ts';
import { readCanaryEnvironment, readEnvironment } from '../../lambda/environment.ts';
import { configurations, templateOf } from './configurations.ts';

const folder = mkdtempSync(join(tmpdir(), 'csrwatch-environment-'));
beforeAll(() => writeBundle(folder, deployedRules()));
afterAll(() => rmSync(folder, { recursive: true }));

/** Every reference, as CloudFormation would fill it in. */
function valuesFor(template: Template): Values {
  const resources = new Map(
    Object.entries(template.Resources).map(([id, { Type }]) => {
      const arn = Type === 'AWS::SNS::Topic' ? `arn:aws:sns:eu-central-1:111122223333:${id}` : id;
      return [id, { ref: arn, attributes: { Arn: arn, TopicArn: arn } }] as const;
    }),
  );
  return { region: 'eu-central-1', account: '111122223333', resources };
}

function detectorsOf(input: ConfigInput): [string, Record<string, string>][] {
  return functionsOf(input).filter(([, variables]) => 'CSRWATCH_CHANNELS' in variables);
}

function functionsOf(input: ConfigInput): [string, Record<string, string>][] {
  const template: Template = { Resources: templateOf(input).toJSON()['Resources'] };
  const values = valuesFor(template);
  return resourcesOf(template, 'AWS::Lambda::Function').flatMap(([id, { Properties = {} }]) => {
    if (!['index.handler', 'canary.handler'].includes(String(Properties['Handler']))) return [];
    if (!('Environment' in Properties)) return [];
    const { Variables } = Object(resolve(Properties['Environment'], values));
    return [[id, Variables]];
  });
}

describe.each(Object.entries<ConfigInput>(configurations))('%s', (_, input) => {
  const detectors = detectorsOf(input);

  test.each(detectors)('starts the bundle as %s with the variables of the template', async (_, variables) => {
    const running = await startFunction(join(folder, 'index.mjs'), variables, 60_000);
    try {
      await expect(running.invoke({ Event: 's3:TestEvent' })).resolves.toBeUndefined();
    } finally {
      running.stop();
    }
  });

  test.each(detectors)('sets for %s only variables that it reads', (_, variables) => {
    const read = new Set<string>();
    readEnvironment(
      new Proxy(variables, {
        get: (target, name) => {
          read.add(String(name));
          return Reflect.get(target, name);
        },
      }),
    );
    expect(Object.keys(variables).filter((name) => !read.has(name))).toEqual([]);
  });

  test('gives the functions every channel, with its minimum severity', () => {
    for (const [, variables] of detectors) {
      const { channels } = readEnvironment(variables);
      expect(channels).toHaveLength(2 + (input.sms ? 1 : 0) + (input.channels?.length ?? 0));
      expect(channels[1]?.minSeverity).toBe(input.minSeverity ?? 'low');
    }
  });
});

test('the functions know the clusters that are configured', () => {
  const [[, logs] = ['', {}], [, objects] = ['', {}]] = detectorsOf(configurations['imported everything']);
  expect(readEnvironment(logs).clusters.logGroups).toEqual({ kubernetes: 'prod' });
  expect(readEnvironment(objects).clusters).toMatchObject({
    buckets: { 'my-audit-logs': 'prod' },
    keyPatterns: { 'my-other-logs': 'logs/{cluster}/' },
  });
});

test('the scheduled canary starts with the variables of the template, and takes the event of its rule', async () => {
  const canaries = functionsOf(configurations['everything on']).filter(([id]) => id.includes('Canary'));
  const [[, variables] = ['', {}]] = canaries;
  expect(readCanaryEnvironment(variables)).toEqual({
    queueUrl: expect.stringMatching(/^CsrWatchCanaryQueue/),
  });
  expect(Object.keys(variables)).toEqual(['CSRWATCH_CANARY_QUEUE']);
  const running = await startFunction(
    join(folder, 'canary.mjs'),
    {
      ...variables,
      AWS_REGION: 'eu-central-1',
    },
    60_000,
  );
  try {
    await expect(running.invoke({})).rejects.toThrow('the event names no source');
  } finally {
    running.stop();
  }
});

test('the rule of the canary names every log group and bucket', () => {
  const template: Template = { Resources: templateOf(configurations['everything on']).toJSON()['Resources'] };
  const values = valuesFor(template);
  const inputs = resourcesOf(template, 'AWS::Events::Rule').flatMap(([id, { Properties = {} }]) =>
    id.includes('CanarySchedule') ? Object(resolve(Properties, values)).Targets : [],
  );
  expect(inputs.map(({ Input }) => JSON.parse(Input))).toEqual([
    {
      formatVersion: 1,
      sources: [
        '/aws/eks/prod/cluster',
        expect.stringMatching(/^s3:\/\/CsrWatchObjectsAuditLogs\w+\/$/),
        's3://my-audit-logs/audit/',
      ],
    },
  ]);
});
