import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AssetHashType, DockerImage } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { writeBundle } from './bundle.ts';
import type { DeployedRules } from './rules.ts';

/** What both functions run, bundled on this machine: the image is never run. */
export function detectorCode({ definitions }: DeployedRules): Code {
  return Code.fromAsset(mkdtempSync(join(tmpdir(), 'csrwatch-')), {
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      image: DockerImage.fromRegistry('never-run'),
      local: {
        tryBundle(directory) {
          writeBundle(directory, definitions);
          return true;
        },
      },
    },
  });
}
