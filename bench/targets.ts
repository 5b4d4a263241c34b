import { counted } from '../cli/amounts.ts';
import type { ColdStart } from './cold-start.ts';
import type { FollowSpeed } from './followed-certificates.ts';
import type { KqlSpeed } from './kql.ts';
import type { Load } from './load.ts';
import type { ManyFiles } from './many-files.ts';
import type { Run } from './measure.ts';
import type { Memory } from './memory.ts';
import { documentKinds, fileCount, type Throughput, together } from './throughput.ts';

export interface Results {
  readonly kql?: readonly KqlSpeed[];
  readonly payload?: { readonly scanMs: number; readonly gunzipMs: number };
  readonly following?: FollowSpeed;
  readonly coldStart?: ColdStart;
  readonly throughput?: Throughput;
  readonly memory?: readonly Memory[];
  readonly manyFiles?: readonly ManyFiles[];
  readonly loads?: readonly Load[];
}

export interface Target {
  readonly what: string;
  readonly target: string;
  readonly measured: string;
  /** The same ratio in CPU time, if both processes were measured. */
  readonly inCpu: string | undefined;
  readonly met: boolean;
}

/** What a scan of one gzip took, in decompressions of it, before decompression was the goal: 2026-11-27, version 0.1.0. */
const decompressionsBefore = 1.99;

/** What was measured, beside what it should be. */
export function targetsOf({
  kql,
  payload,
  following,
  coldStart,
  throughput,
  memory,
  manyFiles,
  loads,
}: Results): Target[] {
  const targets: Target[] = [];
  const add = (what: string, [word, limit]: Limit, value: number, unit = 'times', inCpu?: number) =>
    targets.push({
      what,
      target: `at ${word} ${limit} ${unit}`,
      measured: `${shown(value)} ${unit}`,
      inCpu: inCpu === undefined ? undefined : `${shown(inCpu)} ${unit}`,
      met: word === 'most' ? value <= limit : value >= limit,
    });
  if (throughput) {
    const run = (name: string, input: string): Run =>
      throughput.rows.find((row) => row.name === name && row.input === input) ?? notMeasured;
    const ratio = (what: string, limit: Limit, of: Run, to: Run, factor = 1) =>
      add(what, limit, of.seconds / to.seconds / factor, 'times', of.cpuSeconds / to.cpuSeconds / factor);
    const gzip = run('csrwatch', 'gzip');
    const unpacked = run('decompression only', 'gzip');
    const lines = run('csrwatch', 'plain');
    ratio('gzip, against decompression only', ['most', 1.25], gzip, unpacked);
    ratio(
      'zstd, against decompression only',
      ['most', 1.4],
      run('csrwatch', 'zstd'),
      run('decompression only', 'zstd'),
    );
    ratio('a JSON array, against lines', ['most', 1.8], run('csrwatch', documentKinds.list), lines);
    ratio(
      'pretty-printed documents, against lines',
      ['most', 3],
      run('csrwatch', documentKinds.pretty),
      lines,
    );
    ratio(
      'documents without separators, against lines',
      ['most', 3],
      run('csrwatch', documentKinds.concatenated),
      lines,
    );
    ratio(
      'four gzip files, against the time before',
      ['most', 0.55],
      run('csrwatch', together),
      unpacked,
      fileCount * decompressionsBefore,
    );
    for (const [name, limit] of peers)
      ratio(`${name}, against csrwatch, gzip`, ['least', limit], run(name, 'gzip'), gzip);
  }
  if (payload)
    add(
      'a subscription payload without a candidate, against its gunzip',
      ['most', 1.3],
      payload.scanMs / payload.gunzipMs,
    );
  if (following)
    add(
      `following ${following.certificates} certificates, against none`,
      ['most', 1.05],
      following.withMs / following.withoutMs,
    );
  for (const { name, peakMegabytes } of memory ?? [])
    add(`peak memory, ${name}`, ['most', 200], peakMegabytes, 'MB');
  for (const { files, gigabytes, jobs, peakMegabytes } of manyFiles ?? [])
    add(
      `peak memory, ${gigabytes} GB in ${files} files, ${jobs === undefined ? 'default' : counted(jobs, 'thread')}`,
      ['most', 400],
      peakMegabytes,
      'MB',
    );
  if (coldStart) {
    const { csrwatch, empty, bundleKilobytes } = coldStart;
    add(
      'cold start without a candidate, against an empty handler',
      ['most', 1.15],
      csrwatch.seconds / empty.seconds,
      'times',
      csrwatch.cpuSeconds / empty.cpuSeconds,
    );
    add('bundle', ['most', 750], bundleKilobytes, 'kB');
  }
  for (const { name, peakMegabytes } of loads ?? [])
    add(`peak memory of the function, ${name}`, ['most', 512], peakMegabytes, 'MB');
  const [one, thirty] = kql ?? [];
  if (one && thirty) {
    add('the base rule on parsed events', ['least', 3], one.eventsPerSecond / 1e6, 'million/s');
    add('thirty rules, against one', ['most', 5], one.eventsPerSecond / thirty.eventsPerSecond);
    add('compiling thirty rules', ['most', 10], thirty.compileMs, 'ms');
  }
  return targets;
}

type Limit = readonly ['most' | 'least', number];

const notMeasured: Run = { seconds: Number.NaN, cpuSeconds: Number.NaN, peakMegabytes: Number.NaN };

/** How many times slower each should be at least. */
const peers: readonly (readonly [string, number])[] = [
  ['jq', 10],
  ['readline and JSON.parse', 4],
  ['DuckDB, 2 threads', 1],
  ['zcat and grep', 1],
];

export function shown(value: number): string {
  if (Number.isNaN(value)) return '–';
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
}
