import { spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { detectorTemplate, sourceAccountTemplate } from '../../infra/plain-template.ts';
import {
  configurations,
  independentSourceAccount,
  sourceAccount,
  sourceAccountStackOf,
  templateOf,
} from './configurations.ts';

const command = 'cfn-lint';
const installed = spawnSync(command, ['--version']).status === 0;
if (!installed) console.warn('cfn-lint is not installed, so it is not run: pip install cfn-lint');

const ignored = [
  // CDK writes dependencies down that a reference enforces already
  'W3005',
];

function lint(templates: readonly object[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'csrwatch-lint-'));
  const files = templates.map((template, index) => {
    const file = join(folder, `${index}.json`);
    writeFileSync(file, JSON.stringify(template));
    return file;
  });
  const { stdout, stderr } = spawnSync(
    command,
    ['--format', 'parseable', '--ignore-checks', ...ignored, '--', ...files],
    { encoding: 'utf8' },
  );
  return `${stdout}${stderr}`;
}

describe.skipIf(!installed)('cfn-lint', { timeout: 300_000 }, () => {
  test('finds an error in a template that has one, and in no configuration', () => {
    const templates = Object.values(configurations).map((input) => templateOf(input));
    const sources = [sourceAccount, independentSourceAccount].map((input) =>
      Template.fromStack(sourceAccountStackOf(input)),
    );
    const plain = [detectorTemplate(), sourceAccountTemplate({})].map(({ template }) => template);
    const all = [...templates, ...sources].map((template) => template.toJSON());
    const Resources = { Queue: { Type: 'AWS::SQS::Queue', Properties: { Nonsense: true } } };
    const found = lint([...all, ...plain, { Resources }])
      .trim()
      .split('\n');
    expect(found).toEqual([expect.stringMatching(/:E3002:.*Nonsense/)]);
  });
});
