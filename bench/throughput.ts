import { dataFile, sizeOf } from './generate.ts';
import { isInstalled, peer, scanCommand, timed } from './measure.ts';

export interface Row {
  readonly name: string;
  /** Of decompressed text. */
  readonly megabytesPerSecond: number;
  readonly seconds: number;
  readonly peakMegabytes: number;
  /** The form of the input. */
  readonly input: string;
}

/** Framings other than lines. */
export const documentKinds = {
  pretty: 'pretty-printed',
  concatenated: 'no separators',
  list: 'JSON array',
} as const;

/** csrwatch and its peers over the same events. */
export async function measureThroughput(bytes: number): Promise<{ rows: Row[]; missing: string[] }> {
  const rows: Row[] = [];
  const missing: string[] = [];
  const plain = await dataFile('ndjson', bytes);
  const unpacked = sizeOf(plain);
  const [gz, zst] = [await dataFile('gz', bytes), await dataFile('zst', bytes)];
  const run = async (name: string, input: string, command: readonly string[], size = unpacked) => {
    const { seconds, peakMegabytes } = await timed(command);
    rows.push({ name, input, seconds, peakMegabytes, megabytesPerSecond: size / 1e6 / seconds });
    process.stderr.write(`${name}, ${input}: ${seconds.toFixed(2)} s\n`);
  };
  await run('decompression only', 'gzip', [...peer('inflate.mjs'), gz]);
  await run('csrwatch', 'gzip', [...scanCommand, gz]);
  await run('decompression only', 'zstd', [...peer('inflate.mjs'), zst]);
  await run('csrwatch', 'zstd', [...scanCommand, zst]);
  await run('reading only', 'plain', [...peer('read.mjs'), plain]);
  await run('csrwatch', 'plain', [...scanCommand, plain]);
  for (const kind of ['pretty', 'concatenated', 'list'] as const) {
    const path = await dataFile(kind, bytes);
    await run('csrwatch', documentKinds[kind], [...scanCommand, path], sizeOf(path));
  }
  if (isInstalled('zcat') && isInstalled('grep')) {
    await run('zcat and grep', 'gzip', [
      'sh',
      '-c',
      `zcat '${gz}' | grep -c '"resource":"certificatesigningrequests"'`,
    ]);
  } else missing.push('zcat and grep');
  await run('readline and JSON.parse', 'gzip', [...peer('parse-loop.mjs'), gz]);
  await run('DuckDB, 2 threads', 'gzip', [...peer('duckdb.mjs'), gz, '2']);
  if (isInstalled('jq')) {
    const filter = 'select(.objectRef.resource == "certificatesigningrequests") | .auditID';
    await run('jq', 'gzip', ['sh', '-c', `zcat '${gz}' | jq -c '${filter}' | wc -l`]);
  } else missing.push('jq');
  return { rows, missing };
}
