import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { version } from '../../infra/version.ts';

const app = fileURLToPath(new URL('../../infra/app.ts', import.meta.url));
const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'csrwatch-app-'));
  folders.push(folder);
  return folder;
}

/** Runs the app as the CDK CLI does: context and output folder in the environment. */
function synth(context: object, cwd = newFolder(), validation = process.env['CDK_VALIDATION']) {
  const CDK_OUTDIR = join(cwd, 'cdk.out');
  const { status, stderr } = spawnSync(process.execPath, [app], {
    cwd,
    encoding: 'utf8',
    env: {
      ...process.env,
      CDK_OUTDIR,
      CDK_VALIDATION: validation,
      CDK_CONTEXT_JSON: JSON.stringify({ ...context, 'aws:cdk:bundling-stacks': [] }),
    },
  });
  const read = (name: string) => JSON.parse(readFileSync(join(CDK_OUTDIR, name), 'utf8'));
  return { status, stderr, read };
}

describe('the CDK app', () => {
  test('without a configuration synthesizes nothing and prints what to give', () => {
    const { status, stderr, read } = synth({});
    expect(status).toBe(2);
    expect(stderr).toMatch(/^There is no configuration\. Specify one of:\n {2}-c cluster=NAME/);
    expect(stderr).not.toContain('    at ');
    expect(read('manifest.json').artifacts).not.toHaveProperty('csrwatch');
  });

  test('names the stack, and gives it the version as an output and a tag', () => {
    const context = { cluster: 'prod', email: 'a@example.com', stackName: 'csrwatch-2' };
    const { status, read } = synth(context, newFolder(), 'true');
    expect(status).toBe(0);
    const { properties, metadata = {} } = read('manifest.json').artifacts.csrwatch;
    expect(properties).toMatchObject({
      stackName: 'csrwatch-2',
      tags: { application: 'csrwatch', 'csrwatch-version': version },
    });
    expect(JSON.stringify(metadata)).not.toContain('aws:cdk:warning');
    const template = read('csrwatch.template.json');
    expect(template.Outputs.Version.Value).toBe(version);
    const topics = Object.values<{ Type: string; Properties: { Tags?: object } }>(template.Resources).filter(
      ({ Type }) => Type === 'AWS::SNS::Topic',
    );
    expect(topics.length).toBeGreaterThan(0);
    for (const { Properties } of topics) {
      expect(Properties.Tags).toContainEqual({ Key: 'csrwatch-version', Value: version });
    }
  });

  test('finds csrwatch.config.ts in the folder it runs in', () => {
    const folder = newFolder();
    writeFileSync(
      join(folder, 'csrwatch.config.ts'),
      "export default { stackName: 'by-file', tags: { team: 'platform' }, buckets: [{}] };\n",
    );
    const { status, read } = synth({}, folder);
    expect(status).toBe(0);
    expect(read('manifest.json').artifacts.csrwatch.properties).toMatchObject({
      stackName: 'by-file',
      tags: { team: 'platform', application: 'csrwatch' },
    });
  });

  test('gives every role the permissions boundary that the context names', () => {
    const { read } = synth({ createBucket: 'true', '@aws-cdk/core:permissionsBoundary': { name: 'limit' } });
    const roles = Object.values<{ Type: string; Properties: { PermissionsBoundary?: object } }>(
      read('csrwatch.template.json').Resources,
    ).filter(({ Type }) => Type === 'AWS::IAM::Role');
    expect(roles.length).toBeGreaterThan(2);
    for (const { Properties } of roles) {
      expect(JSON.stringify(Properties.PermissionsBoundary)).toContain(':policy/limit');
    }
  });

  test('uses the bootstrap qualifier that the context names', () => {
    const { read } = synth({ createBucket: 'true', '@aws-cdk/core:bootstrapQualifier': 'acme' });
    expect(read('manifest.json').artifacts.csrwatch.properties.assumeRoleArn).toContain(
      'cdk-acme-deploy-role',
    );
  });
});
