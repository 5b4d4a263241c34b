import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { parse } from '@cdktn/hcl2json';
import { describe, expect, test } from 'vitest';
import { detectorTemplate, sourceAccountTemplate } from '../../infra/plain-template.ts';
import { packageFile } from '../../lambda/rules/package-file.ts';

const read = (path: string) => readFileSync(packageFile(path), 'utf8');
const parametersOf = ({ template }: { template: Readonly<Record<string, unknown>> }) =>
  Object.keys(Object(template['Parameters'])).sort();
const parameters: Record<string, string[]> = {
  'template.json': parametersOf(detectorTemplate()),
  'source-account-template.json': parametersOf(sourceAccountTemplate({})),
};

/** The commands of docs/cloudformation.md, each on one line. */
const commands = [
  ...read('docs/cloudformation.md')
    .replaceAll(/ \\\n\s+/g, ' ')
    .matchAll(/^ {4,}(aws .*)$/gm),
].map(([, command = '']) => command);
const templateOf = (command: string) => /[\w-]*template\.json/.exec(command)?.[0] ?? '';

describe('docs/cloudformation.md', () => {
  test.each(commands.filter((command) => command.startsWith('aws cloudformation deploy')))(
    '%s',
    (command) => {
      const [, overrides = ''] = command.split('--parameter-overrides ');
      const given = overrides.split(' ').map((pair) => pair.split('=')[0]);
      expect(given.sort()).toEqual(parameters[templateOf(command)]);
      expect(command).toContain('--capabilities CAPABILITY_IAM');
      expect(command.includes('--s3-bucket')).toBe(templateOf(command) === 'template.json');
    },
  );

  test.each(commands.filter((command) => command.includes('create-stack-set ')))('%s', (command) => {
    const given = [...command.matchAll(/ParameterKey=(\w+)/g)].map(([, name]) => name);
    expect(given.sort()).toEqual(parameters[templateOf(command)]);
    expect(command).toMatch(
      /SERVICE_MANAGED .*--auto-deployment Enabled=true,.*--capabilities CAPABILITY_IAM/,
    );
  });

  test('prepares the log and the bucket, needs two commands then, and has those for other accounts', () => {
    expect(commands.map((command) => command.split(' ').slice(1, 3).join(' '))).toEqual([
      'eks update-cluster-config',
      's3 mb',
      's3 cp',
      'cloudformation deploy',
      'cloudformation delete-stack',
      'cloudformation deploy',
      'cloudformation create-stack-set',
      'cloudformation create-stack-instances',
      'cloudformation create-stack-instances',
    ]);
  });

  test('describes each parameter of the detector', () => {
    const described = [...read('docs/cloudformation.md').matchAll(/^\| `([A-Z]\w+)` \|/gm)].map(
      ([, name]) => name,
    );
    expect(described.sort()).toEqual(parameters['template.json']);
  });
});

const terraform = spawnSync('terraform', ['version']).status === 0;

describe('the Terraform module', () => {
  const file = 'examples/terraform/main.tf';

  test('gives the stack the parameters of the template, each from a variable or an object', async () => {
    const { resource, variable } = await parse(file, read(file));
    const [stack] = resource.aws_cloudformation_stack.csrwatch;
    expect(Object.keys(stack.parameters).sort()).toEqual(parameters['template.json']);
    expect(stack.capabilities).toEqual(['CAPABILITY_IAM']);
    const names = [...read(file).matchAll(/\bvar\.(\w+)/g)].map(([, name]) => name);
    expect([...new Set(names)].sort()).toEqual(Object.keys(variable).sort());
    const references = [...read(file).matchAll(/\baws_s3_object\.(\w+)/g)].map(([, name = '']) => name);
    expect(Object.keys(resource.aws_s3_object)).toEqual(expect.arrayContaining(references));
    expect(JSON.stringify(stack.template_url)).toContain('aws_s3_object.template.key');
  });

  test('has the variables that docs/terraform.md gives it', async () => {
    const { variable } = await parse(file, read(file));
    const [, block = ''] = /```hcl\n(.*?)```/s.exec(read('docs/terraform.md')) ?? [];
    const { module } = await parse('page.tf', block);
    const { source: _, ...given } = module.csrwatch[0];
    expect(Object.keys(given).sort()).toEqual(Object.keys(variable).sort());
  });

  test('that is malformed does not parse, which shows that the parser reads it', async () => {
    await expect(parse(file, `${read(file)}\nresource "x" {`)).rejects.toThrow();
  });

  test.skipIf(!terraform)('is formatted as Terraform does', () => {
    const { status, stdout } = spawnSync('terraform', ['fmt', '-check', packageFile('examples/terraform')], {
      encoding: 'utf8',
    });
    expect(stdout).toBe('');
    expect(status).toBe(0);
  });
});
