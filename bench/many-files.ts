import { createWriteStream, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { createGzip } from 'node:zlib';
import { chunks } from './generate.ts';
import { once } from './measure.ts';
import { scanCommand } from './scan-command.ts';

/** A scan of a log in many files. */
export interface ManyFiles {
  readonly files: number;
  readonly gigabytes: number;
  /** The option `--jobs`; absent for the default. */
  readonly jobs: number | undefined;
  readonly seconds: number;
  readonly peakMegabytes: number;
}

const files = 40;
const folder = fileURLToPath(new URL('.data/many-files/', import.meta.url));

/** Time and peak memory of a scan for people: with stories, and in the worker threads of the process. */
export async function measureManyFiles(gigabytes: number): Promise<ManyFiles[]> {
  await writeFiles(gigabytes * 1e9);
  const results: ManyFiles[] = [];
  for (const jobs of [1, undefined, 3]) {
    const options = jobs === undefined ? [] : ['--jobs', `${jobs}`];
    const { seconds, peakMegabytes } = await once(scanCommand(...options, folder));
    results.push({ files, gigabytes, jobs, seconds, peakMegabytes });
    process.stderr.write(
      `${files} files, --jobs ${jobs ?? 'default'}: ${seconds.toFixed(1)} s, ${peakMegabytes.toFixed(0)} MB\n`,
    );
  }
  rmSync(folder, { recursive: true });
  return results;
}

/** One log, cut into files of the same size. */
async function writeFiles(bytes: number): Promise<void> {
  if (existsSync(folder)) return;
  const made = `${folder.slice(0, -1)}.part`;
  rmSync(made, { recursive: true, force: true });
  mkdirSync(made, { recursive: true });
  const log = chunks(bytes);
  for (let index = 0; index < files; index += 1) {
    const part = Readable.from(take(log, bytes / files));
    await pipeline([part, createGzip({ level: 6 }), createWriteStream(`${made}/audit-${index}.log.gz`)]);
  }
  renameSync(made, folder);
}

function* take(log: Iterator<Buffer>, bytes: number): Generator<Buffer> {
  for (let taken = 0; taken < bytes; ) {
    const { done, value } = log.next();
    if (done) return;
    taken += value.length;
    yield value;
  }
}
