import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, CfnResource, CloudFormationValidatePlugin, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { afterAll, expect, test } from 'vitest';
import { detectorTemplate, sourceAccountTemplate } from '../../infra/plain-template.ts';
import {
  configurations,
  independentSourceAccount,
  quickStart,
  sourceAccount,
  sourceAccountStackOf,
  templateOf,
} from './configurations.ts';
import { exampleStack } from './example-stack.ts';
import { account, operationsStack, region } from './operations-stack.ts';

const folder = mkdtempSync(join(tmpdir(), 'csrwatch-validation-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Errors that `cdk synth` would print. In one call, since the validator starts again for each new type of resource. */
function errorsOf(validated: readonly Record<string, unknown>[]) {
  const stackTemplates = validated.map((template, index) => {
    const templatePath = join(folder, `${index}.json`);
    writeFileSync(templatePath, JSON.stringify(template));
    return { stackConstructPath: `stack-${index}`, templatePath, accountId: account, region };
  });
  const templatePaths = stackTemplates.map(({ templatePath }) => templatePath);
  return new CloudFormationValidatePlugin()
    .validate({ appConstruct: new App(), templatePaths, stackTemplates })
    .violations.filter(({ severity }) => severity === 'error' || severity === 'fatal')
    .map(({ description, violatingResources }) => ({
      description,
      of: violatingResources.map(({ resourceLogicalId }) => resourceLogicalId),
    }));
}

test("the CDK's validation finds an error in a template that has one, and in no configuration", {
  timeout: 120_000,
}, () => {
  const withCdk = [
    ...[...Object.values(configurations), quickStart].map(templateOf),
    ...[sourceAccount, independentSourceAccount].map((input) =>
      Template.fromStack(sourceAccountStackOf(input)),
    ),
    exampleStack().template,
    operationsStack().template,
  ];
  const plain = [
    detectorTemplate(),
    detectorTemplate(configurations['everything on']),
    sourceAccountTemplate({}),
  ];
  const all = [...withCdk.map((template) => template.toJSON()), ...plain.map(({ template }) => template)];
  const stack = new Stack(new App(), 'stack');
  new CfnResource(stack, 'Wrong', { type: 'AWS::SQS::Queue', properties: { VisibilityTimeout: 'long' } });
  expect(errorsOf([...all, Template.fromStack(stack).toJSON()])).toEqual([
    { description: expect.stringContaining('VisibilityTimeout'), of: ['Wrong'] },
  ]);
});
