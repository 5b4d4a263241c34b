import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { bundleOptions } from '../infra/bundle.ts';
import { zipped } from '../infra/zipped.ts';
import { pureSchemas } from './pure-schemas-plugin.ts';

/** Writes lambda.zip: the functions' code without rules. @returns the source files that it contains */
export async function buildLambda(dist: string): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'csrwatch-build-'));
  try {
    const { metafile } = await build({ ...bundleOptions(folder), plugins: [pureSchemas], metafile: true });
    writeFileSync(join(dist, 'lambda.zip'), zipped(folder));
    return Object.keys(metafile.inputs);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
