import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

/** Lambda's runtime interface emulator, which has no tagged version as a Go module. */
const emulatorModule = 'github.com/aws/aws-lambda-runtime-interface-emulator';
const emulatorVersion = 'v0.0.0-20261030222936-bef5c4ba774d';

/** Lambda's runtime interface client for Node, and the hash of its package. */
const clientPackage = 'aws-lambda-ric@4.0.2';
const clientSha512 =
  'FE5Vskx7mYNnqAnWWJXUOsLp2VGgdsJsCoRLFTa8L4Yk0QVtArqR8q58yPA++QC1a73ZWJXBQ2AH31nIAv7NOQ==';

const cache = fileURLToPath(new URL('../../node_modules/.cache/lambda-runtime/', import.meta.url));
const transport = new URL('./runtime-api-transport.ts', import.meta.url);

/** Lambda's emulator and client, as paths of a program and of a module. */
export interface LambdaRuntime {
  readonly emulator: string;
  readonly client: string;
}

export type InstalledRuntime =
  | ({ readonly ok: true } & LambdaRuntime)
  /** Why the tests that need it are skipped. */
  | { readonly ok: false; readonly reason: string };

/**
 * Installs what is not in the cache yet. The client is an npm package that cannot be a development dependency: its
 * installation compiles libcurl, which takes minutes and fails without CMake. Only its program is used, with an HTTP client
 * in JavaScript in place of the compiled one. The variable `LAMBDA_RUNTIME_CLIENT` names the folder of a compiled one.
 */
export async function installedRuntime(env: NodeJS.ProcessEnv = process.env): Promise<InstalledRuntime> {
  if (process.platform !== 'linux') return { ok: false, reason: 'the emulator runs on Linux only' };
  try {
    await mkdir(cache, { recursive: true });
    const compiled = env['LAMBDA_RUNTIME_CLIENT'];
    const emulator = await installedEmulator(env);
    const client = compiled === undefined ? await installedClient(env) : join(compiled, 'index.mjs');
    return { ok: true, emulator, client };
  } catch (error) {
    return { ok: false, reason: error instanceof Error ? error.message : String(error) };
  }
}

async function installedEmulator(env: NodeJS.ProcessEnv): Promise<string> {
  return once(`emulator-${emulatorVersion}`, 'aws-lambda-rie', async (folder) => {
    const program = `${emulatorModule}/cmd/aws-lambda-rie@${emulatorVersion}`;
    // a short question first: an unreachable module proxy must not use up the time of a compilation
    await run('go', ['list', '-m', `${emulatorModule}@${emulatorVersion}`], folder, env, 30_000);
    await run('go', ['install', program], folder, { ...env, GOBIN: folder }, 300_000);
  });
}

async function installedClient(env: NodeJS.ProcessEnv): Promise<string> {
  const name = `client-${clientSha512.slice(0, 8).replaceAll('/', '-')}`;
  return once(name, join('package', 'index.mjs'), async (folder) => {
    await run('npm', ['pack', '--prefer-offline', clientPackage], folder, env, 60_000);
    const archive = join(folder, `${clientPackage.replace('@', '-')}.tgz`);
    const hash = createHash('sha512')
      .update(await readFile(archive))
      .digest('base64');
    if (hash !== clientSha512) throw new Error(`${clientPackage} has another hash: ${hash}`);
    await run('tar', ['-xzf', archive, 'package/index.mjs', 'package/package.json'], folder, env, 30_000);
    // the client loads it by this name; a folder can have it, too
    const native = join(folder, 'package', 'rapid-client.node');
    await mkdir(native);
    await writeFile(
      join(native, 'index.js'),
      `export * from ${JSON.stringify(pathToFileURL(fileURLToPath(transport)).href)};\n`,
    );
  });
}

/** A file in a folder of the cache. The folder is there either completely or not at all. */
async function once(name: string, file: string, fill: (folder: string) => Promise<void>): Promise<string> {
  const path = join(cache, name, file);
  if (existsSync(path)) return path;
  const folder = await mkdtemp(join(cache, 'new-'));
  try {
    await fill(folder);
    await rm(join(cache, name), { recursive: true, force: true });
    await rename(folder, join(cache, name));
    return path;
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

/** @throws Error that states in a line what failed */
async function run(
  command: string,
  args: readonly string[],
  cwd: string,
  env: NodeJS.ProcessEnv,
  timeout: number,
): Promise<void> {
  try {
    await promisify(execFile)(command, args, { cwd, env, timeout });
  } catch (error) {
    throw new Error(reasonOf(command, args, error, timeout));
  }
}

function reasonOf(command: string, args: readonly string[], error: unknown, timeoutMs: number): string {
  const { code, killed, stderr } = Object(error);
  if (code === 'ENOENT') return `${command} is not installed`;
  const line = `${command} ${args.join(' ')}`;
  if (killed) return `${line} took longer than ${timeoutMs / 1_000} seconds`;
  return `${line} failed: ${String(stderr ?? error)
    .trim()
    .split('\n')
    .at(-1)}`;
}
