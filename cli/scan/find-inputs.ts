import { globSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileErrorReason } from '../../lambda/file-error.ts';
import { statsOf } from './file-stats.ts';
import type { BadInput, InputRef } from './input-ref.ts';
import { isS3Address, listObjects } from './s3-input.ts';
import type { ScanOptions } from './scan-options.ts';

/** What the arguments name, in their order: files, the files of folders and patterns, objects, a log group. */
export async function* findInputs(options: ScanOptions): AsyncGenerator<InputRef | BadInput> {
  const { files, filesFrom, logGroup } = options;
  const listed = filesFrom === undefined ? [] : await linesOf(filesFrom);
  const seen = new Set<string>();
  for (const named of [...files, ...listed]) {
    if (typeof named !== 'string') yield named;
    else if (isS3Address(named)) yield* listObjects(named);
    else
      for (const found of filesOf(named)) {
        if (seen.has(found.path)) continue;
        seen.add(found.path);
        yield found;
      }
  }
  if (logGroup !== undefined) yield { kind: 'log-group', name: logGroup };
}

type FileFound = Extract<InputRef, { kind: 'file' }> | BadInput;

async function linesOf(path: string): Promise<(string | BadInput)[]> {
  try {
    const list = path === '-' ? await text(process.stdin) : readFileSync(path, 'utf8');
    return list.split(/\r?\n/).filter((line) => line !== '');
  } catch (error) {
    return [{ kind: 'bad', path, reason: fileErrorReason(error) }];
  }
}

function filesOf(named: string): FileFound[] {
  if (named === '-') return [{ kind: 'file', path: named }];
  const stats = statsOf(named);
  if (stats?.isDirectory()) return some(filesIn(named), named, 'there is no file in this folder');
  // a name with such characters may also be that of a file
  if (stats === undefined && /[*?[{]/.test(named)) {
    const matches = globSync(named).filter((path) => statsOf(path)?.isFile());
    return some(matches.map(file), named, 'no file matches this pattern');
  }
  return [file(named)];
}

/** The files of a folder and its folders. Links to folders are not followed, so there is no cycle. */
function filesIn(folder: string): FileFound[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).flatMap((entry): FileFound[] => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return filesIn(path);
      // opening a link that leads nowhere states the reason
      const isLinkToFile = entry.isSymbolicLink() && (statsOf(path)?.isFile() ?? true);
      return entry.isFile() || isLinkToFile ? [file(path)] : [];
    });
  } catch (error) {
    return [{ kind: 'bad', path: folder, reason: fileErrorReason(error) }];
  }
}

const byName = new Intl.Collator('en', { numeric: true });

function some(found: readonly FileFound[], named: string, reason: string): FileFound[] {
  if (found.length === 0) return [{ kind: 'bad', path: named, reason }];
  return [...found].sort((a, b) => byName.compare(a.path, b.path));
}

function file(path: string): FileFound {
  const stats = statsOf(path);
  return { kind: 'file', path, ...(stats?.isFile() ? { bytes: stats.size } : {}) };
}
