import { mkdirSync, rmSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { packageFile } from '../lambda/rules/package-file.ts';

// Writes dist-release/: what a deployment without the CDK and Node needs. dist/ must have been built.
const folder = packageFile('dist-release');
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder);
// a configuration file of the checkout is not for everyone
process.chdir(folder);
const built: { csrwatch(args: readonly string[]): Promise<number> } = await import(
  pathToFileURL(packageFile('dist/cli/csrwatch-command.js')).href
);
process.exitCode = await built.csrwatch(['template']);
