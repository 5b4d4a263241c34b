import { linkSync, rmSync } from 'node:fs';
import { dataFile, type Kind, sizeOf } from './generate.ts';
import { type Command, interleaved, isInstalled, peer, type Run, shell } from './measure.ts';
import { scanCommand } from './scan-command.ts';

/** What one command read, and the medians of its runs. */
export interface Row extends Run {
  readonly name: string;
  /** The form of the input. */
  readonly input: string;
  /** Decompressed. */
  readonly megabytes: number;
}

export interface Throughput {
  readonly rows: readonly Row[];
  /** Peers that are not installed. */
  readonly missing: readonly string[];
}

/** Framings other than lines. */
export const documentKinds = {
  pretty: 'pretty-printed',
  concatenated: 'no separators',
  list: 'JSON array',
} as const;

const rounds = 5;
/** The slow peers take a minute. */
const peerRounds = 2;
export const fileCount = 4;
export const together = `gzip, ${fileCount} files`;

/** csrwatch and its peers over the same events. */
export async function measureThroughput(bytes: number): Promise<Throughput> {
  const [gz, zst, plain] = [
    await dataFile('gz', bytes),
    await dataFile('zst', bytes),
    await dataFile('ndjson', bytes),
  ];
  const documents: Partial<Record<Kind, string>> = {};
  for (const kind of ['pretty', 'concatenated', 'list'] as const)
    documents[kind] = await dataFile(kind, bytes);
  const { pretty = '', concatenated = '', list = '' } = documents;
  const megabytes = sizeOf(plain) / 1e6;
  const files = copies(gz);
  const medians = await interleaved(
    {
      'decompression only|gzip': peer('inflate.mjs', gz),
      'csrwatch|gzip': scanCommand(gz),
      'decompression only|zstd': peer('inflate.mjs', zst),
      'csrwatch|zstd': scanCommand(zst),
      'reading only|plain': peer('read.mjs', plain),
      'csrwatch|plain': scanCommand(plain),
      [`csrwatch|${documentKinds.pretty}`]: scanCommand(pretty),
      [`csrwatch|${documentKinds.concatenated}`]: scanCommand(concatenated),
      [`csrwatch|${documentKinds.list}`]: scanCommand(list),
      [`csrwatch|${together}`]: scanCommand(...files),
      [`csrwatch, one thread|${together}`]: scanCommand('--jobs', '1', ...files),
    },
    rounds,
  );
  const filter = 'select(.objectRef.resource == "certificatesigningrequests") | .auditID';
  const peers: Record<string, Command> = {
    'readline and JSON.parse|gzip': peer('parse-loop.mjs', gz),
    'DuckDB, 2 threads|gzip': peer('duckdb.mjs', gz, '2'),
    ...(isInstalled('zcat') && isInstalled('grep')
      ? { 'zcat and grep|gzip': shell(`zcat '${gz}' | grep -c '"resource":"certificatesigningrequests"'`) }
      : {}),
    ...(isInstalled('jq') ? { 'jq|gzip': shell(`zcat '${gz}' | jq -c '${filter}' | wc -l`) } : {}),
  };
  const slow = await interleaved(peers, peerRounds);
  for (const file of files) rmSync(file);
  return {
    rows: [...medians, ...slow].map(([key, run]) => {
      const [name = '', input = ''] = key.split('|');
      const sizes: Readonly<Record<string, number>> = {
        [documentKinds.pretty]: sizeOf(pretty) / 1e6,
        [together]: fileCount * megabytes,
      };
      return { ...run, name, input, megabytes: sizes[input] ?? megabytes };
    }),
    missing: ['zcat and grep', 'jq'].filter((name) => !(`${name}|gzip` in peers)),
  };
}

/** The same file under several names: a file that is named twice is read once. */
function copies(path: string): string[] {
  return Array.from({ length: fileCount }, (_, index) => {
    const copy = path.replace(/\.gz$/, `-${index + 1}.gz`);
    rmSync(copy, { force: true });
    linkSync(path, copy);
    return copy;
  });
}
