import { randomUUID } from 'node:crypto';
import {
  accessSync,
  closeSync,
  constants,
  lstatSync,
  openSync,
  realpathSync,
  rmSync,
  statSync,
} from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { fileErrorReason } from '../../../lambda/file-error.ts';

/** A file that appears with its whole content, or not at all. */
export interface ReportFile {
  /** @returns why it could not be written, if it could not */
  write(parts: Iterable<string>): Promise<string | undefined>;
}

export type OpenedReportFile =
  | { readonly ok: true; readonly file: ReportFile }
  | { readonly ok: false; readonly reason: string };

/** Checks that the file can be written, without changing it: a scan may take hours. */
export function openReportFile(path: string): OpenedReportFile {
  try {
    // a link stays one
    const target = isLink(path) ? realpathSync(path) : path;
    const stats = statSync(target, { throwIfNoEntry: false });
    if (stats && !stats.isFile()) return { ok: false, reason: 'it is not a file' };
    if (stats) accessSync(target, constants.W_OK);
    const temporary = `${target}.${randomUUID()}.tmp`;
    closeSync(openSync(temporary, 'wx'));
    rmSync(temporary);
    return { ok: true, file: { write: (parts) => writeAtOnce(target, temporary, parts) } };
  } catch (error) {
    return { ok: false, reason: reasonOf(error) };
  }
}

async function writeAtOnce(
  target: string,
  temporary: string,
  parts: Iterable<string>,
): Promise<string | undefined> {
  try {
    const handle = await open(temporary, 'wx');
    try {
      for (const chunk of chunksOf(parts)) await handle.appendFile(chunk);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, target);
    return undefined;
  } catch (error) {
    await rm(temporary, { force: true });
    return reasonOf(error);
  }
}

function reasonOf(error: unknown): string {
  const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
  return isMissing ? 'its folder does not exist' : fileErrorReason(error);
}

const chunkCharacters = 2 ** 20;

/** Few large writes instead of many small ones. */
function* chunksOf(parts: Iterable<string>): Generator<string> {
  let chunk = '';
  for (const part of parts) {
    chunk += part;
    if (chunk.length < chunkCharacters) continue;
    yield chunk;
    chunk = '';
  }
  yield chunk;
}

function isLink(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true;
}
