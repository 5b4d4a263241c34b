import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { zipSync } from 'fflate';

/** The earliest time that a zip file can hold: the same files give the same bytes whenever they are packed. */
const fixedTime = new Date(1980, 0, 1);

/** As on Unix: Lambda's runtime is another user, which must be allowed to read the files. */
const readableByAll = { os: 3, attrs: 0o100644 * 2 ** 16 };

/** The files of a folder as a zip file. */
export function zipped(folder: string): Uint8Array {
  const names = readdirSync(folder).sort();
  const files = Object.fromEntries(names.map((name) => [name, readFileSync(join(folder, name))]));
  return zipSync(files, { level: 9, mtime: fixedTime, ...readableByAll });
}
