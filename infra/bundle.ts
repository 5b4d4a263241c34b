import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, buildSync } from 'esbuild';
import type { DeployedRules } from './rules.ts';
import { writeRules } from './rules-file.ts';
import { shortenSourceMaps } from './source-maps.ts';

const source = (path: string) => fileURLToPath(new URL(path, import.meta.url));

const leftOut = source('./sdk-stub.ts');

/**
 * A quarter of the SDK is never used in Lambda, which puts credentials into the environment: these packages read
 * credentials elsewhere, and bowser parses the user agents of browsers. The SDK loads each of them by a dynamic import. If
 * one is needed after all, the stub's error says why.
 */
const neverReached = [
  '@aws-sdk/credential-provider-http',
  '@aws-sdk/credential-provider-ini',
  '@aws-sdk/credential-provider-process',
  '@aws-sdk/credential-provider-sso',
  '@aws-sdk/credential-provider-web-identity',
  '@smithy/credential-provider-imds',
  'bowser',
];

/** The SDK's CommonJS parts call `require`, which an ES module lacks. */
export const requireBanner =
  "import{createRequire as csrwatchRequire}from'node:module';const require=csrwatchRequire(import.meta.url);";

/** The files of the first build in this process: only the rules differ between bundles. */
let built: readonly (readonly [name: string, bytes: Uint8Array])[] | undefined;

/**
 * Writes what the functions run: the detector as index.mjs, the canary as canary.mjs, the chunks that they load when they
 * need them, and rules.json.
 * @param directory - exists and is empty
 */
export function writeBundle(directory: string, rules: Pick<DeployedRules, 'literals' | 'definitions'>): void {
  built ??= build(directory);
  for (const [name, bytes] of built) writeFileSync(join(directory, name), bytes);
  writeRules(directory, rules);
}

function build(directory: string): [string, Uint8Array][] {
  buildSync(bundleOptions(directory));
  shortenSourceMaps(directory, source('..'));
  return readdirSync(directory).map((name) => [name, readFileSync(join(directory, name))]);
}

/** How the functions are bundled into a directory. */
export function bundleOptions(directory: string): BuildOptions {
  return {
    entryPoints: {
      index: source('../lambda/handler.ts'),
      canary: source('../lambda/canary/canary-handler.ts'),
    },
    outdir: directory,
    outExtension: { '.js': '.mjs' },
    chunkNames: 'chunk-[hash]',
    bundle: true,
    splitting: true,
    minify: true,
    keepNames: true,
    sourcemap: 'linked',
    sourcesContent: false,
    inject: [source('../lambda/typescript-stacks.ts'), source('../lambda/cold-start.ts')],
    format: 'esm',
    platform: 'node',
    target: 'node24',
    mainFields: ['module', 'main'],
    alias: Object.fromEntries(neverReached.map((name) => [name, leftOut])),
    banner: { js: requireBanner },
    logLevel: 'warning',
  };
}
