import { build } from 'esbuild';
import { packageFile } from '../lambda/rules/package-file.ts';
import { noJsonSchema } from './no-json-schema-plugin.ts';
import { prebuilt } from './prebuilt-plugin.ts';

/** Before anything that an older Node lacks; the same sentence as in cli/csrwatch.js. */
const versionCheck =
  "{const[a,b]=process.versions.node.split('.').map(Number);if(a<22||(a===22&&b<15))throw new Error('csrwatch needs Node 22.15 or later; this is Node '+process.versions.node+'.')}";

/**
 * Writes index.cjs. CommonJS, as CDK itself is: `import` and `require` both load it, so an app has one copy of each class.
 * @returns the source files that it contains
 */
export async function buildConstruct(dist: string): Promise<string[]> {
  const { metafile } = await build({
    entryPoints: [packageFile('infra/index.ts')],
    outfile: `${dist}/index.cjs`,
    bundle: true,
    minify: true,
    format: 'cjs',
    platform: 'node',
    target: 'node22',
    mainFields: ['module', 'main'],
    external: ['aws-cdk-lib', 'constructs'],
    plugins: [prebuilt, noJsonSchema],
    define: { 'import.meta.url': 'csrwatchUrl' },
    banner: { js: `${versionCheck}const csrwatchUrl=require('node:url').pathToFileURL(__filename).href;` },
    legalComments: 'none',
    metafile: true,
    logLevel: 'warning',
  });
  return Object.keys(metafile.inputs);
}
