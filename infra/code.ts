import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AssetHashType, DockerImage } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { writeBundle } from './bundle.ts';
import type { DeployedRules } from './rules.ts';

/** The code of every function, with the rules. Bundled on this machine: the image never runs. */
export function bundledCode(rules: DeployedRules): Code {
  return Code.fromAsset(emptyFolder(), {
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      image: DockerImage.fromRegistry('never-run'),
      local: {
        tryBundle(directory) {
          writeBundle(directory, rules);
          return true;
        },
      },
    },
  });
}

/** Holds the empty folders; removed when the process ends, since CDK reads them until then. */
let folders: string | undefined;

/** CDK takes two assets of one folder for the same asset, so each has its own. */
function emptyFolder(): string {
  if (folders === undefined) {
    const created = mkdtempSync(join(tmpdir(), 'csrwatch-'));
    process.once('exit', () => rmSync(created, { recursive: true, force: true }));
    folders = created;
  }
  return mkdtempSync(join(folders, 'asset-'));
}
