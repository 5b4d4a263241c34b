import { readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { counted } from '../cli/amounts.ts';
import { chart } from './chart.ts';
import type { ColdStart } from './cold-start.ts';
import type { FollowSpeed } from './followed-certificates.ts';
import type { KqlSpeed } from './kql.ts';
import type { ManyFiles } from './many-files.ts';
import type { Memory } from './memory.ts';
import { documentKinds, type Row } from './throughput.ts';

export interface Results {
  readonly kql?: readonly KqlSpeed[];
  readonly payload?: { readonly scanMs: number; readonly gunzipMs: number };
  readonly following?: FollowSpeed;
  readonly coldStart?: ColdStart;
  readonly throughput?: { readonly rows: readonly Row[]; readonly missing: readonly string[] };
  readonly memory?: readonly Memory[];
  readonly manyFiles?: readonly ManyFiles[];
}

interface Target {
  readonly what: string;
  readonly target: string;
  readonly measured: string;
  readonly met: boolean;
}

/** The ratios, then the measurements they are computed from. */
export function printed(results: Results): string {
  const targets = targetsOf(results);
  const width = Math.max(...targets.map(({ what }) => what.length));
  const lines = targets.map(
    ({ what, target, measured, met }) =>
      `${met ? 'met   ' : 'missed'}  ${what.padEnd(width)}  ${measured} (target ${target})`,
  );
  const rows = (results.throughput?.rows ?? []).map(
    ({ name, input, megabytesPerSecond, seconds, peakMegabytes }) =>
      `${name.padEnd(24)} ${input.padEnd(16)} ${megabytesPerSecond.toFixed(0).padStart(6)} MB/s ${seconds.toFixed(2).padStart(8)} s ${peakMegabytes.toFixed(0).padStart(6)} MB peak`,
  );
  const missing = (results.throughput?.missing ?? []).map((name) => `${name} is not installed here`);
  return `${[...lines, '', ...rows, ...missing].join('\n').trim()}\n`;
}

function targetsOf({ kql, payload, following, coldStart, throughput, memory, manyFiles }: Results): Target[] {
  const targets: Target[] = [];
  const atMost = (what: string, limit: number, value: number, unit = 'times') =>
    targets.push({
      what,
      target: `at most ${limit} ${unit}`,
      measured: `${shown(value)} ${unit}`,
      met: value <= limit,
    });
  const atLeast = (what: string, limit: number, value: number, unit = 'times') =>
    targets.push({
      what,
      target: `at least ${limit} ${unit}`,
      measured: `${shown(value)} ${unit}`,
      met: value >= limit,
    });
  if (throughput) {
    const speed = (name: string, input: string) =>
      throughput.rows.find((row) => row.name === name && row.input === input)?.megabytesPerSecond ??
      Number.NaN;
    const ours = speed('csrwatch', 'gzip');
    atMost('gzip, against decompression only', 1.15, speed('decompression only', 'gzip') / ours);
    atLeast('gzip, against jq', 10, ours / speed('jq', 'gzip'));
    atLeast('gzip, against readline and JSON.parse', 4, ours / speed('readline and JSON.parse', 'gzip'));
    atLeast('gzip, against DuckDB on two cores', 1, ours / speed('DuckDB, 2 threads', 'gzip'));
    atLeast('gzip, against zcat and grep', 1, ours / speed('zcat and grep', 'gzip'));
    atMost(
      'zstd, against decompression only',
      1.15,
      speed('decompression only', 'zstd') / speed('csrwatch', 'zstd'),
    );
    const lines = speed('csrwatch', 'plain');
    atMost('pretty-printed documents, against lines', 3, lines / speed('csrwatch', documentKinds.pretty));
    atMost(
      'documents without separators, against lines',
      3,
      lines / speed('csrwatch', documentKinds.concatenated),
    );
    atMost('a JSON array, against lines', 3, lines / speed('csrwatch', documentKinds.list));
  }
  if (payload)
    atMost(
      'a subscription payload without a candidate, against its gunzip',
      1.3,
      payload.scanMs / payload.gunzipMs,
    );
  if (following)
    atMost(
      `following ${following.certificates} certificates, against none`,
      1.05,
      following.withMs / following.withoutMs,
    );
  for (const { name, peakMegabytes } of memory ?? [])
    atMost(`peak memory, ${name}`, 200, peakMegabytes, 'MB');
  for (const { files, gigabytes, jobs, peakMegabytes } of manyFiles ?? [])
    atMost(
      `peak memory, ${gigabytes} GB in ${files} files, ${jobs === undefined ? 'default' : counted(jobs, 'thread')}`,
      400,
      peakMegabytes,
      'MB',
    );
  if (coldStart) {
    atMost(
      'cold start without a finding, against an empty handler',
      1.3,
      coldStart.csrwatchMs / coldStart.emptyMs,
    );
    atMost('bundle', 700, coldStart.bundleKilobytes, 'kB');
  }
  const [one, thirty] = kql ?? [];
  if (one && thirty) {
    atLeast('the base rule on parsed events', 3, one.eventsPerSecond / 1e6, 'million/s');
    atMost('thirty rules, against one', 5, one.eventsPerSecond / thirty.eventsPerSecond);
    atMost('compiling thirty rules', 10, thirty.compileMs, 'ms');
  }
  return targets;
}

function shown(value: number): string {
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
}

const page = new URL('../docs/performance.md', import.meta.url);
const start = '<!-- measured by `npm run bench` -->\n';
const end = '<!-- /measured -->';

/** Writes the measurements, with the machine and the date, into docs/performance.md. */
export function writePage(results: Results): void {
  const text = readFileSync(page, 'utf8');
  const from = text.indexOf(start) + start.length;
  writeFileSync(page, `${text.slice(0, from)}${measured(results)}${text.slice(text.indexOf(end))}`);
  writeFileSync(new URL('../docs/performance.svg', import.meta.url), chart(results.throughput?.rows ?? []));
}

function measured(results: Results): string {
  const [cpu] = cpus();
  const date = new Date().toISOString().slice(0, 10);
  const machine = `${cpus().length} cores of ${cpu?.model.trim() ?? 'an unknown kind'}, Node ${process.versions.node}`;
  const targets = targetsOf(results).map(
    ({ what, target, measured, met }) =>
      `| ${what} | ${measured} | ${target} | ${met ? 'met' : '**missed**'} |`,
  );
  const rows = (results.throughput?.rows ?? []).map(
    ({ name, input, megabytesPerSecond, seconds, peakMegabytes }) =>
      `| ${name} | ${input} | ${megabytesPerSecond.toFixed(0)} MB/s | ${seconds.toFixed(2)} s | ${peakMegabytes.toFixed(0)} MB |`,
  );
  return `${date}, ${machine}.

| measurement | measured | target | result |
| --- | --- | --- | --- |
${targets.join('\n')}

| reader | input | throughput | time | peak memory |
| --- | --- | --- | --- | --- |
${rows.join('\n')}
`;
}
