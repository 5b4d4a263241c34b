import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { buildSync } from 'esbuild';
import { writeBundle } from '../infra/bundle.ts';
import { parseConfig } from '../infra/config.ts';
import { deployedRules } from '../infra/rules.ts';

export interface ColdStart {
  readonly csrwatchMs: number;
  readonly emptyMs: number;
  /** index.mjs and what it imports statically. */
  readonly startKilobytes: number;
  /** With the chunks that are loaded lazily. */
  readonly bundleKilobytes: number;
}

const repetitions = 15;

/** From the start of the process to the response of the first invocation, which has no finding. */
export function measureColdStart(): ColdStart {
  const folder = mkdtempSync(join(tmpdir(), 'csrwatch-cold-'));
  const ours = join(folder, 'ours');
  const empty = join(folder, 'empty');
  mkdirSync(ours);
  mkdirSync(empty);
  writeBundle(ours, deployedRules(parseConfig({ buckets: [{}] }, 'bench')));
  writeFileSync(join(empty, 'handler.ts'), 'export async function handler() {}\n');
  buildSync({
    entryPoints: [join(empty, 'handler.ts')],
    outfile: join(empty, 'index.mjs'),
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'node',
  });
  const data = gzipSync(
    JSON.stringify({ messageType: 'DATA_MESSAGE', logGroup: 'g', logStream: 's', logEvents: [] }),
  );
  const event = JSON.stringify({ awslogs: { data: data.toString('base64') } });
  const runner = join(folder, 'run.mjs');
  // both load http first, as Lambda's own runtime does before it loads a handler
  writeFileSync(
    runner,
    `await import('node:http'); const { handler } = await import(process.argv[2]); await handler(${event});\n`,
  );
  const csrwatch: number[] = [];
  const nothing: number[] = [];
  for (let index = 0; index < repetitions; index += 1) {
    csrwatch.push(started(runner, join(ours, 'index.mjs')));
    nothing.push(started(runner, join(empty, 'index.mjs')));
  }
  const files = readdirSync(ours).filter((name) => name.endsWith('.mjs'));
  const size = (names: readonly string[]) =>
    names.reduce((sum, name) => sum + statSync(join(ours, name)).size, 0) / 1_000;
  return {
    csrwatchMs: median(csrwatch),
    emptyMs: median(nothing),
    startKilobytes: size(['index.mjs']),
    bundleKilobytes: size(files),
  };
}

function started(runner: string, entry: string): number {
  const channels = [
    { rendering: 'json', topicArn: 'arn:aws:sns:eu-central-1:111122223333:f', minSeverity: 'low' },
  ];
  const from = performance.now();
  const { status, stderr } = spawnSync(process.execPath, [runner, entry], {
    env: { CSRWATCH_CHANNELS: JSON.stringify(channels), AWS_REGION: 'eu-central-1' },
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
  return performance.now() - from;
}

function median(numbers: number[]): number {
  return numbers.sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;
}
