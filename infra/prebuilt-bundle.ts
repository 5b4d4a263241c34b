import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageFile } from '../lambda/rules/package-file.ts';
import { unpackFiles } from './packed-files.ts';
import type { DeployedRules } from './rules.ts';
import { writeRules } from './rules-file.ts';

/**
 * What `bundle.ts` is in the package: the code was built with the package, so that an app needs no bundler. Only the rules
 * are the app's own.
 * @param directory - exists
 */
export function writeBundle(directory: string, rules: Pick<DeployedRules, 'literals' | 'definitions'>): void {
  for (const packed of ['dist/lambda.br', 'dist/lambda-source-maps.br']) {
    const files = unpackFiles(readFileSync(packageFile(packed)));
    for (const [name, bytes] of files) writeFileSync(join(directory, name), bytes);
  }
  writeRules(directory, rules);
}
