import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { packageFile } from '../../lambda/rules/package-file.ts';

const run = promisify(execFile);
const installed = (path: string) => packageFile(`node_modules/${path}`);

/** TypeScript 5.9, which the package `@arethetypeswrong/core` has of its own (overrides in package.json). */
const typescript5 = createRequire(installed('@arethetypeswrong/core/package.json')).resolve(
  'typescript/bin/tsc',
);
export const node22 = installed('node22/bin/node');
export const node24 = process.execPath;

/** Builds the package and packs it. @returns the path of the tarball, in a temporary folder */
export async function packed(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'csrwatch-packed-'));
  await run(node24, [packageFile('packaging/build.ts')]);
  const { stdout } = await run('npm', ['pack', '--json', '--pack-destination', folder], {
    cwd: packageFile('.'),
  });
  const [{ filename }]: [{ filename: string }] = JSON.parse(stdout);
  return join(folder, filename);
}

/** A folder where `cdk init app --language typescript` made an app, and the package is installed. */
export async function freshApp(tarball: string): Promise<string> {
  const parent = mkdtempSync(join(tmpdir(), 'csrwatch-app-'));
  const folder = join(parent, 'app');
  mkdirSync(folder);
  await run(
    node24,
    [installed('aws-cdk/bin/cdk'), 'init', 'app', '--language', 'typescript', '--generate-only'],
    {
      cwd: folder,
    },
  );
  rmSync(join(folder, 'test'), { recursive: true });
  // what the app has beside csrwatch is linked from here: nothing is downloaded
  const { dependencies, devDependencies, ...manifest } = JSON.parse(
    readFileSync(join(folder, 'package.json'), 'utf8'),
  );
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
  await run('npm', ['install', '--offline', '--no-audit', '--no-fund', tarball], { cwd: folder });
  mkdirSync(join(folder, 'node_modules/@types'));
  for (const name of ['aws-cdk-lib', 'constructs', '@types/node']) {
    symlinkSync(installed(name), join(folder, 'node_modules', name));
  }
  return folder;
}

/** Compiles the app's sources into a folder, as the app's own tsconfig.json says and with every library's types checked. */
export async function compile(app: string, outDir: string, options: readonly string[]): Promise<void> {
  const args = [
    '-p',
    '.',
    '--skipLibCheck',
    'false',
    '--types',
    'node',
    '--noEmit',
    'false',
    '--outDir',
    outDir,
  ];
  await run(node24, [typescript5, ...args, '--declaration', 'false', ...options], { cwd: app }).catch(
    ({ stdout }: { stdout: string }) => {
      throw new Error(stdout);
    },
  );
}

/** Runs a program to its end, whatever its exit status. */
export async function outcome(
  file: string,
  args: readonly string[],
  cwd: string,
  env: NodeJS.ProcessEnv = {},
) {
  try {
    const { stdout, stderr } = await run(file, args, {
      cwd,
      env: { ...process.env, ...env },
      maxBuffer: 2 ** 24,
    });
    return { status: 0, stdout, stderr };
  } catch (error) {
    const { code, stdout, stderr } = Object(error);
    return { status: Number(code), stdout: String(stdout), stderr: String(stderr) };
  }
}
