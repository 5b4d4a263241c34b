import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageFile } from '../lambda/rules/package-file.ts';

/** The npm packages among source files, by their folders below the repository. */
function packageFolders(inputs: readonly string[]): string[] {
  const folders = inputs.flatMap((path) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? []);
  return [...new Set(folders)].sort();
}

/** The licenses of the packages that dist/ contains: name, version and text of each. */
export function thirdPartyLicenses(inputs: readonly string[]): string {
  const byText = Map.groupBy(packageFolders(inputs), licenseText);
  const entries = [...byText].map(([text, folders]) => {
    const packages = folders.map((folder) => {
      const { name, version, license } = manifestOf(folder);
      return `${name} ${version} (${license})`;
    });
    return `${[...new Set(packages)].join('\n')}\n\n${text}`;
  });
  return `csrwatch contains parts of these packages.\n\n${entries.join(`\n${'-'.repeat(80)}\n\n`)}`;
}

function manifestOf(folder: string): { name: string; version: string; license: string } {
  return JSON.parse(readFileSync(join(packageFile(folder), 'package.json'), 'utf8'));
}

/** The text of its license; that of Apache 2.0 is csrwatch's own, to which a package may add notices. */
function licenseText(folder: string): string {
  if (manifestOf(folder).license !== 'Apache-2.0') return fileIn(folder, /^licen[cs]e/i);
  return `The text of the Apache License 2.0 is in the file LICENSE.\n${fileIn(folder, /^notice/i)}`;
}

function fileIn(folder: string, pattern: RegExp): string {
  const file = readdirSync(packageFile(folder)).find((name) => pattern.test(name));
  return file === undefined ? '' : `${readFileSync(join(packageFile(folder), file), 'utf8').trim()}\n`;
}
