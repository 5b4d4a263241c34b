import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * The folder of package.json: the nearest one above this module, in a checkout and in dist/, where modules are bundled into
 * files at other places. Not for the function, which has no package.json.
 */
const packageFolder = folderAbove(dirname(fileURLToPath(import.meta.url)));

/** The path of a file or folder that the package holds. */
export function packageFile(path: string): string {
  return join(packageFolder, path);
}

/** csrwatch's version, from package.json. */
export function packageVersion(): string {
  const manifest: { version: string } = JSON.parse(readFileSync(packageFile('package.json'), 'utf8'));
  return manifest.version;
}

function folderAbove(folder: string): string {
  if (existsSync(join(folder, 'package.json')) || folder === dirname(folder)) return folder;
  return folderAbove(dirname(folder));
}
