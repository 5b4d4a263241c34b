import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import type { DeployedRules } from './rules.ts';

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
const requireBanner =
  "import{createRequire as csrwatchRequire}from'node:module';const require=csrwatchRequire(import.meta.url);";

/**
 * Writes what the detectors run: index.mjs, the chunks that it loads when a finding needs them, and rules.json.
 * @param directory - exists
 */
export function writeBundle(directory: string, rules: Pick<DeployedRules, 'literals' | 'definitions'>): void {
  const { literals, definitions } = rules;
  build(source('../lambda/handler.ts'), directory);
  writeFileSync(join(directory, 'rules.json'), `${JSON.stringify({ literals, definitions }, null, 1)}\n`);
}

/** Writes what the scheduled canary runs: index.mjs and its chunks. */
export function writeCanaryBundle(directory: string): void {
  build(source('../lambda/canary/canary-handler.ts'), directory);
}

function build(entry: string, directory: string): void {
  buildSync({
    entryPoints: { index: entry },
    outdir: directory,
    outExtension: { '.js': '.mjs' },
    chunkNames: 'chunk-[hash]',
    bundle: true,
    splitting: true,
    minify: true,
    keepNames: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    mainFields: ['module', 'main'],
    alias: Object.fromEntries(neverReached.map((name) => [name, leftOut])),
    banner: { js: requireBanner },
    logLevel: 'warning',
  });
}
