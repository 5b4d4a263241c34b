import { build } from 'esbuild';
import { requireBanner } from '../infra/bundle.ts';
import { packageFile } from '../lambda/rules/package-file.ts';
import { writeBuiltInRules } from './build-rules.ts';
import { constructsFile, prebuilt } from './prebuilt-plugin.ts';
import { namedErrors, onlyVersions, pureSchemas } from './smaller-sdk-plugins.ts';

/** Writes cli/: one file, and chunks that it loads when a command needs them. @returns the source files that they contain */
export async function buildCli(dist: string): Promise<string[]> {
  const { metafile } = await build({
    entryPoints: [
      { in: packageFile('cli/csrwatch-command.ts'), out: 'csrwatch-command' },
      { in: packageFile('cli/scan/scan-worker.ts'), out: 'scan-worker' },
    ],
    outdir: `${dist}/cli`,
    chunkNames: 'chunk-[hash]',
    bundle: true,
    splitting: true,
    minify: true,
    format: 'esm',
    platform: 'node',
    target: 'node22',
    mainFields: ['module', 'main'],
    // the local AWS works only in a checkout
    external: ['./local/*', '../local/*'],
    inject: [packageFile('cli/scan-start.ts')],
    plugins: [prebuilt, constructsFile, namedErrors, pureSchemas, onlyVersions],
    // reads the user agents of browsers
    alias: { bowser: packageFile('infra/sdk-stub.ts') },
    banner: { js: requireBanner },
    legalComments: 'none',
    metafile: true,
    logLevel: 'warning',
  });
  writeBuiltInRules(`${dist}/cli`);
  return Object.keys(metafile.inputs);
}
