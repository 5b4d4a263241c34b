import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import { dirname, join } from 'node:path';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { builtInRules } from '../../lambda/rules/built-in.ts';
import { type ReadFile, readRules } from '../../lambda/rules/load-rules.ts';
import { packageFile } from '../../lambda/rules/package-file.ts';
import type { RuleDefinition, RuleExample, RuleException } from '../../lambda/rules/rule.ts';
import { bundledPackages, bundledSbom } from '../../packaging/sbom.ts';
import { listening } from '../loopback-server.ts';
import { compile, freshApp, node22, node24, outcome, packed } from './fresh-app.ts';

let tarball: string;
let app: string;
const installed = (path: string) => join(app, 'node_modules/csrwatch', path);

beforeAll(async () => {
  tarball = await packed();
  app = await freshApp(tarball);
}, 600_000);
afterAll(() => {
  for (const folder of [dirname(tarball), dirname(app)]) rmSync(folder, { recursive: true, force: true });
});

/** As the package's users write it; the e-mail address is known only when the stack is deployed. */
const stack = `
import * as cdk from 'aws-cdk-lib/core';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { CsrWatch, type CsrWatchProps, deployedRules } from 'csrwatch';

export class AppStack extends cdk.Stack {
  constructor(scope: Construct, id: string, props?: cdk.StackProps) {
    super(scope, id, props);
    const email = new cdk.CfnParameter(this, 'Email').valueAsString;
    const watched: CsrWatchProps = {
      logGroups: [{ logGroup: LogGroup.fromLogGroupName(this, 'Audit', '/aws/eks/prod/cluster') }],
      buckets: [{}],
      channels: [{ name: 'alerts', rendering: 'text', subscribers: { emails: [email] } }],
      rules: deployedRules({
        exceptions: [{ name: 'own', reason: 'known', rules: ['kubernetes-csr-deleted'], query: 'user.name:"own"' }],
      }),
    };
    new CsrWatch(this, 'CsrWatch', watched);
  }
}
`;

/** The code in the README: what it adds to the app's entry, and a stack of the user's own. */
const [, addedStack = '', ownStack = ''] = readFileSync(packageFile('README.md'), 'utf8')
  .split('```ts\n')
  .map((text) => text.split('```\n')[0]);

/** The app's entry, as `cdk init` writes it with what the README adds. @param extension - of a relative import: ECMAScript modules need one */
function writeApp(folder: string, extension: string): void {
  const entry = readFileSync(join(app, 'bin/app.ts'), 'utf8');
  mkdirSync(join(folder, 'bin'), { recursive: true });
  mkdirSync(join(folder, 'lib'), { recursive: true });
  writeFileSync(
    join(folder, 'bin/app.ts'),
    `${entry.replace("'../lib/app-stack'", `'../lib/app-stack${extension}'`)}\n${addedStack}`,
  );
  writeFileSync(join(folder, 'lib/own-stack.ts'), ownStack);
  writeFileSync(join(folder, 'lib/app-stack.ts'), stack);
}

test('the manifest and the types have no fault that publint or Are The Types Wrong knows', async () => {
  const { messages, pkg } = await publint({ pkgDir: installed('.'), pack: false });
  expect(messages.map((message) => formatMessage(message, pkg))).toEqual([]);
  const analysis = await checkPackage(createPackageFromTarballData(readFileSync(tarball)));
  expect(analysis).toMatchObject({ types: { kind: 'included' }, problems: [] });
});

const filesOf = (folder: string) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((file) => file.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
const bytesOf = (files: readonly string[]) =>
  files
    .filter((file) => !file.endsWith('lambda-source-maps.br'))
    .reduce((sum, file) => sum + statSync(file).size, 0);

test('the package is under 1.5 MB without source maps', () => {
  expect(bytesOf(filesOf(installed('.')))).toBeLessThan(1_500_000);
});

test('the licenses of everything bundled are in the package, and the SBOM lists the same', () => {
  const text = readFileSync(installed('dist/third-party-licenses.txt'), 'utf8');
  const [first = '', ...others] = text.split(`\n${'-'.repeat(80)}\n\n`);
  const entries = [first.slice(first.indexOf('\n\n') + 2), ...others];
  for (const entry of entries) {
    const license = entry.slice(entry.indexOf('\n\n') + 2);
    expect(license).toMatch(
      /The text of the Apache License 2\.0 is in the file LICENSE|Permission is hereby granted|Redistribution and use/,
    );
  }
  expect(bundledPackages()).toContainEqual(expect.stringMatching(/^zod \d/));
  expect(bundledPackages()).toContainEqual(expect.stringMatching(/^@aws-sdk\/client-sns \d/));
  const { components, metadata } = bundledSbom();
  expect(metadata.component.name).toBe('csrwatch');
  expect(components.map(({ name, version }) => `${name} ${version}`).sort()).toEqual(
    bundledPackages().sort(),
  );
});

test('the package holds no source, test or script of installation', () => {
  const files = filesOf(installed('.'));
  const top = [...new Set(files.map((file) => file.slice(installed('.').length + 1).split('/')[0]))].sort();
  expect(top).toEqual(['CHANGELOG.md', 'LICENSE', 'README.md', 'cli', 'dist', 'package.json']);
  expect(files.filter((file) => /(?<!\.d)\.ts$/.test(file))).toEqual([]);
  const manifest = JSON.parse(readFileSync(installed('package.json'), 'utf8'));
  expect(
    Object.keys(manifest.scripts).filter((name) =>
      /^(?:pre|post)?(?:install|prepare|pack|publish|publishOnly|dependencies)$/.test(name),
    ),
  ).toEqual([]);
  expect(manifest).not.toHaveProperty('private');
  expect(manifest).not.toHaveProperty('dependencies');
});

test('the package holds the built-in rules and exceptions, without examples', () => {
  const read = (folder: string) => [
    ...loadedRules(readRules([folder])),
    ...loadedRules(readRules([join(folder, 'exceptions')])),
  ];
  const inPackage = read(installed('dist/rules'));
  expect(inPackage.map(({ rule }) => rule)).toEqual(read(builtInRules).map(({ rule }) => rule));
  expect(inPackage.flatMap(({ examples }) => examples)).toEqual([]);
});

interface Loaded {
  readonly rule: RuleDefinition | RuleException;
  readonly examples: readonly RuleExample[];
}

/** The rules and exceptions of files, each with its examples. */
function loadedRules(files: readonly ReadFile[]): Loaded[] {
  return files.flatMap((read): Loaded[] => {
    if (!read.ok) throw new Error(read.errors.map(({ message }) => message).join('\n'));
    return read.kind === 'rule'
      ? [{ rule: read.rule.definition, examples: read.rule.examples }]
      : read.exceptions.map(({ exception, examples }) => ({ rule: exception, examples }));
  });
}

/** Whether it is an asset with the exception of the app. */
function hasOwnException(asset: string): boolean {
  const file = join(asset, 'rules.json');
  return existsSync(file) && readFileSync(file, 'utf8').includes('"name": "own"');
}

const esModules = 'esm';

test.each([
  {
    name: 'as cdk init writes it, and in ECMAScript modules',
    entries: ['out/bin/app.js', `out/${esModules}/bin/app.js`],
    options: [],
  },
  {
    name: 'as older versions wrote it',
    entries: ['out/bin/app.js'],
    options: ['--module', 'commonjs', '--moduleResolution', 'node10'],
  },
])(
  'an app of cdk init, $name, compiles and synthesizes',
  async ({ name, entries, options }) => {
    const folder = join(dirname(app), name.replace(/\W+/g, '-'));
    cpSync(app, folder, { recursive: true, verbatimSymlinks: true });
    writeApp(folder, '');
    if (entries.length > 1) {
      // one compilation for both: checking the types of all libraries takes most of its time
      writeApp(join(folder, esModules), '.js');
      for (const place of [esModules, `out/${esModules}`]) {
        mkdirSync(join(folder, place), { recursive: true });
        writeFileSync(join(folder, place, 'package.json'), '{"type":"module"}');
      }
    }
    await compile(folder, 'out', options);
    for (const [index, [entry, node]] of entries
      .flatMap((file) => [node22, node24].map((version) => [file, version] as const))
      .entries()) {
      const assembly = join(folder, `cdk.out-${index}`);
      const { status, stderr } = await outcome(node, [entry], folder, { CDK_OUTDIR: assembly });
      expect(status, stderr).toBe(0);
      const [asset = ''] = readdirSync(assembly).filter((name) => hasOwnException(join(assembly, name)));
      const files = readdirSync(join(assembly, asset));
      expect(files).toEqual(expect.arrayContaining(['index.mjs', 'canary.mjs', 'rules.json']));
      const loaded = `import(${JSON.stringify(join(assembly, asset, 'index.mjs'))})`;
      const failed = await outcome(
        node,
        ['-e', `${loaded}.catch(({ stack }) => console.log(stack))`],
        folder,
      );
      expect(failed.stdout).toMatch(/^ {4}at .*\(lambda\/environment\.ts:\d+:\d+\)$/m);
      expect(existsSync(join(assembly, 'csrwatch.template.json'))).toBe(true);
      const template = JSON.parse(readFileSync(join(assembly, 'AppStack.template.json'), 'utf8'));
      const endpoints = Object.values<{ Type: string; Properties: { Endpoint?: unknown } }>(
        template.Resources,
      )
        .filter(({ Type }) => Type === 'AWS::SNS::Subscription')
        .map(({ Properties }) => Properties.Endpoint);
      expect(endpoints).toContainEqual({ Ref: 'Email' });
    }
  },
  600_000,
);

describe.each([
  ['22', node22],
  ['24', node24],
])('the installed command on Node %s', (_, node) => {
  const csrwatch = (...args: string[]) => outcome(node, ['node_modules/.bin/csrwatch', ...args], app);
  const sample = packageFile('samples/eks.ndjson.gz');

  test('scans a log and finds what a checkout finds', async () => {
    const { status, stdout, stderr } = await csrwatch('scan', '--format', 'json', sample);
    expect(status, stderr).toBe(1);
    const own = await outcome(
      node24,
      ['cli/csrwatch.js', 'scan', '--format', 'json', sample],
      packageFile('.'),
    );
    expect(JSON.parse(stdout).findings).toEqual(JSON.parse(own.stdout).findings);
  });

  test('writes a report with the style and the script of the page', async () => {
    const file = join(app, `report-${node === node22 ? 22 : 24}.html`);
    expect(await csrwatch('scan', '--summary', '--report', file, sample)).toMatchObject({ status: 1 });
    const page = readFileSync(file, 'utf8');
    for (const part of ['page.css', 'page-script.js'])
      expect(page).toContain(readFileSync(packageFile(`cli/report/page/${part}`), 'utf8').trim());
  });

  test('lists the built-in rules, and tests the rules of a user', async () => {
    expect(await csrwatch('rules', 'list')).toMatchObject({ status: 0, stderr: '' });
    const own = packageFile('examples/rules/cluster-admin-granted.toml');
    expect(await csrwatch('rules', 'test', own)).toMatchObject({ status: 0, stderr: '' });
    expect(await csrwatch('rules', 'test')).toMatchObject({
      status: 2,
      stdout: '',
      stderr: expect.stringContaining(
        'test needs a FILE: the package holds the built-in rules without their examples\n',
      ),
    });
  });

  test('states in one sentence what works only in a checkout', async () => {
    const local = await csrwatch('local');
    expect(local).toMatchObject({ status: 2, stdout: '' });
    expect(local.stderr).toBe(
      'csrwatch local works only in a checkout of csrwatch, where it is `npm start`.\n',
    );
    expect((await csrwatch('canary')).stderr).toContain('--stack NAME is required');
  });

  test('reaches AWS with the credentials of the environment', async () => {
    const environment = { AWS_REGION: 'eu-central-1', AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b' };
    for (const command of ['backfill', 'canary', 'redrive']) {
      const { status, stderr } = await outcome(
        node,
        ['node_modules/.bin/csrwatch', command, '--stack', 's'],
        app,
        {
          ...environment,
          AWS_ENDPOINT_URL: 'http://127.0.0.1:9',
          AWS_MAX_ATTEMPTS: '1',
        },
      );
      expect(stderr).toContain("the stack s can't be read");
      expect(status).toBe(2);
    }
  });
});

test('the construct refuses an older Node in one sentence', async () => {
  const older = join(dirname(app), 'node-20.cjs');
  writeFileSync(older, "Object.defineProperty(process, 'versions', { value: { node: '20.19.0' } });");
  const { status, stderr } = await outcome(node22, ['--require', older, '-e', "require('csrwatch')"], app);
  expect(stderr).toContain('\nError: csrwatch needs Node 22.15 or later; this is Node 20.19.0.\n');
  expect(status).toBe(1);
});

test('an error of AWS is shown with its name and message', async () => {
  const server = createServer((request, response) => {
    const isLogs = request.headers['x-amz-target'] !== undefined;
    const json = JSON.stringify({ __type: 'ResourceNotFoundException', message: 'no such group' });
    const xml = '<Error><Code>NoSuchBucket</Code><Message>no such bucket</Message></Error>';
    response.writeHead(isLogs ? 400 : 404).end(isLogs ? json : xml);
  });
  const { url, stop } = await listening(server);
  const scan = (...input: string[]) =>
    outcome(node22, ['node_modules/.bin/csrwatch', 'scan', ...input], app, {
      AWS_REGION: 'eu-central-1',
      AWS_ACCESS_KEY_ID: 'a',
      AWS_SECRET_ACCESS_KEY: 'b',
      AWS_ENDPOINT_URL: url,
    });
  const bucket = await scan('s3://bucket/prefix');
  const logs = await scan('--log-group', 'group', '--since', '7d');
  await stop();
  expect(bucket).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('NoSuchBucket: no such bucket'),
  });
  expect(logs.stderr).toContain('ResourceNotFoundException: no such group');
  expect(logs.status).toBe(2);
});

describe('the installed csrwatch template', () => {
  test('writes the same bytes on Node 22 and 24', async () => {
    const written = [];
    for (const node of [node22, node24]) {
      const out = join(app, node === node22 ? 'templates-22' : 'templates-24');
      const run = await outcome(node, ['node_modules/.bin/csrwatch', 'template', '--out', out], app);
      expect(run).toMatchObject({ status: 0, stderr: '' });
      const files = run.stdout.trim().split('\n');
      expect(readdirSync(out).sort()).toEqual([...files].sort());
      written.push(files.map((file) => [file, readFileSync(join(out, file)).toString('base64')]));
    }
    expect(written[0]).toHaveLength(3);
    expect(written[0]).toEqual(written[1]);
  }, 120_000);

  test('without the CDK states in one sentence what to install', async () => {
    const folder = join(dirname(app), 'without-cdk');
    cpSync(app, folder, { recursive: true, verbatimSymlinks: true });
    rmSync(join(folder, 'node_modules/aws-cdk-lib'));
    expect(await outcome(node24, ['node_modules/.bin/csrwatch', 'template'], folder)).toMatchObject({
      status: 2,
      stdout: '',
      stderr: expect.stringMatching(
        /^csrwatch template: it needs aws-cdk-lib: npm install csrwatch aws-cdk-lib constructs\n/,
      ),
    });
  });
});

test('npx runs the installed command', async () => {
  expect(await outcome('npx', ['csrwatch', '--version'], app)).toMatchObject({
    status: 0,
    stdout: 'csrwatch 0.1.0\n',
  });
});
