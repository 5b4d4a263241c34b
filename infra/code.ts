import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AssetHashType, DockerImage } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { writeBundle, writeCanaryBundle } from './bundle.ts';
import type { DeployedRules } from './rules.ts';

/** What both detectors run. */
export function detectorCode({ definitions }: DeployedRules): Code {
  return bundled((directory) => writeBundle(directory, definitions));
}

/** What the scheduled canary runs. */
export function canaryCode(): Code {
  return bundled(writeCanaryBundle);
}

/** Bundled on this machine: the image is never run. */
function bundled(write: (directory: string) => void): Code {
  return Code.fromAsset(mkdtempSync(join(tmpdir(), 'csrwatch-')), {
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      image: DockerImage.fromRegistry('never-run'),
      local: {
        tryBundle(directory) {
          write(directory);
          return true;
        },
      },
    },
  });
}
