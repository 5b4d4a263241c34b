import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { measureColdStart } from './cold-start.ts';
import { measureFollowing } from './followed-certificates.ts';
import { measureKql } from './kql.ts';
import { measureLoad } from './load.ts';
import { measureManyFiles } from './many-files.ts';
import { measureMemory } from './memory.ts';
import { measurePayload } from './payload.ts';
import { printed, writePage } from './report.ts';
import { buildCommand } from './scan-command.ts';
import type { Results } from './targets.ts';
import { measureThroughput } from './throughput.ts';

const { values } = parseArgs({
  options: {
    mb: { type: 'string', default: '450' },
    gb: { type: 'string', default: '10' },
    only: { type: 'string' },
    'no-page': { type: 'boolean', default: false },
  },
});
const here = fileURLToPath(new URL('.', import.meta.url));
const wanted = (part: string) => values.only === undefined || values.only === part;

if (wanted('throughput') && !existsSync(`${here}/node_modules/@duckdb/node-api`)) {
  const { status } = spawnSync('npm', ['ci', '--no-audit', '--no-fund'], {
    cwd: here,
    stdio: ['ignore', 2, 2],
  });
  if (status !== 0)
    throw new Error(`npm ci in bench/ ended with ${status}: there is no DuckDB to compare with`);
}
if (['throughput', 'memory', 'many-files'].some(wanted)) await buildCommand();
const results: Results = {
  ...(wanted('kql') ? { kql: measureKql() } : {}),
  ...(wanted('payload') ? { payload: await measurePayload() } : {}),
  ...(wanted('following') ? { following: await measureFollowing() } : {}),
  ...(wanted('cold-start') ? { coldStart: await measureColdStart() } : {}),
  ...(wanted('throughput') ? { throughput: await measureThroughput(Number(values.mb) * 1e6) } : {}),
  ...(wanted('many-files') ? { manyFiles: await measureManyFiles(Number(values.gb) / 2) } : {}),
  ...(wanted('memory') ? { memory: await measureMemory(Number(values.gb)) } : {}),
  ...(wanted('load') ? { loads: await measureLoad() } : {}),
};
process.stdout.write(printed(results));
if (values.only === undefined && !values['no-page']) writePage(results);
