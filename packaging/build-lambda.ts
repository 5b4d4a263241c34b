import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { bundleOptions } from '../infra/bundle.ts';
import { packFiles } from '../infra/packed-files.ts';
import { shortenSourceMaps } from '../infra/source-maps.ts';
import { packageFile } from '../lambda/rules/package-file.ts';
import { onlyVersions, pureSchemas } from './smaller-sdk-plugins.ts';

/** Writes lambda.br and lambda-source-maps.br: the functions' code without rules. @returns the source files that it contains */
export async function buildLambda(dist: string): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'csrwatch-build-'));
  try {
    const plugins = [pureSchemas, onlyVersions];
    const { metafile } = await build({ ...bundleOptions(folder), plugins, metafile: true });
    shortenSourceMaps(folder, packageFile('.'));
    const names = readdirSync(folder).sort();
    const isMap = (name: string) => name.endsWith('.map');
    writeFileSync(
      join(dist, 'lambda.br'),
      packed(
        folder,
        names.filter((name) => !isMap(name)),
      ),
    );
    writeFileSync(join(dist, 'lambda-source-maps.br'), packed(folder, names.filter(isMap)));
    return Object.keys(metafile.inputs);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function packed(folder: string, names: readonly string[]): Uint8Array {
  return packFiles(new Map(names.map((name) => [name, readFileSync(join(folder, name))])));
}
